"""How buying and planning say no."""

from ecommerce.errors import Conflict, Invalid, NotFound, Unavailable


class UnknownSupplier(NotFound):
    code = "inventory/unknown-supplier"
    title = "No such supplier"


class SupplierExists(Conflict):
    code = "inventory/supplier-exists"
    title = "A supplier has that code already"


class NoPurchaseOrder(NotFound):
    code = "inventory/no-purchase-order"
    title = "No such purchase order"


class PurchaseRefused(Conflict):
    """The order is not in a state in which this is possible."""

    code = "inventory/purchase-refused"
    title = "The purchase order does not allow this now"


class ApproverIsAuthor(Conflict):
    """Four eyes: who wrote an order does not approve it."""

    code = "inventory/approver-is-author"
    title = "Somebody else has to approve it"


class PurchaseUnclear(Invalid):
    """An order without lines, with one SKU twice, below a minimum, without a cost."""

    code = "inventory/purchase-unclear"
    title = "The purchase order is not complete"


class NoInbound(NotFound):
    code = "inventory/no-inbound"
    title = "No such delivery"


class InboundRefused(Conflict):
    """The delivery is not in a state in which this is possible."""

    code = "inventory/inbound-refused"
    title = "The delivery does not allow this now"


class InboundUnclear(Invalid):
    code = "inventory/inbound-unclear"
    title = "The delivery is not complete"


class NoDiscrepancy(NotFound):
    code = "inventory/no-discrepancy"
    title = "No such discrepancy"


class DiscrepancySettled(Conflict):
    code = "inventory/discrepancy-settled"
    title = "The discrepancy was settled otherwise"


class NoMovement(NotFound):
    code = "inventory/no-movement"
    title = "No arriving movement of that id"


class CostBelowZero(Conflict):
    code = "inventory/cost-below-zero"
    title = "Stock cannot cost less than nothing"


class NoForecast(NotFound):
    code = "inventory/no-forecast"
    title = "The SKU's demand has not been forecast"


class ForecastingOff(Unavailable):
    """The library that forecasts is not installed (``requirements/forecast.txt``)."""

    code = "inventory/forecasting-off"
    title = "Forecasting is not installed"


class NoProposal(NotFound):
    code = "inventory/no-proposal"
    title = "No such proposal"


class ProposalClosed(Conflict):
    code = "inventory/proposal-closed"
    title = "The proposal is not open any more"
