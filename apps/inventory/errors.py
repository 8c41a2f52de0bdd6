"""The ways in which inventory says no."""

from collections.abc import Iterable

from apps.inventory.types import ReserveStock, Shortage
from ecommerce.errors import Conflict, Invalid, NotFound, StaleVersion, Unavailable


def shortage_facts(shortages: Iterable[Shortage]) -> list[dict[str, str | int]]:
    """Shortages as the problem document shows them."""
    return [
        {"skuId": str(s.sku_id), "requested": s.requested, "available": s.available}
        for s in shortages
    ]


class OutOfStock(Conflict):
    """Less is available than was asked; ``lines`` says of what and how much, ``asked`` what it was."""

    asked: ReserveStock | None = None
    code = "inventory/out-of-stock"
    title = "Not enough stock"


class InsufficientStock(Conflict):
    """The change would take stock that is not there, or that is promised to orders."""

    code = "inventory/insufficient-stock"
    title = "The stock does not allow this change"


class ReservationExpired(Conflict):
    """The hold ran out and the stock has gone to others since."""

    code = "inventory/reservation-expired"
    title = "The reservation has expired and its stock is gone"


class ReservationClosed(Conflict):
    """The reservation is past the state in which this is possible."""

    code = "inventory/reservation-closed"
    title = "The reservation no longer allows this"


class NotAllocated(Conflict):
    """More is to be shipped than the order has allocated."""

    code = "inventory/not-allocated"
    title = "The order has not that much allocated"


class LotRequired(Conflict):
    """The SKU's units are told apart by lots, and those that come must say which they are."""

    code = "inventory/lot-required"
    title = "Say which lots these units are of"


class SerialRequired(Conflict):
    """The SKU's units have numbers, and each must be named once."""

    code = "inventory/serial-required"
    title = "Say which units these are"


class LotShort(Conflict):
    """Less of a lot is there than was named, or it is another lot than was said."""

    code = "inventory/lot-short"
    title = "The lot does not have that much"


class LotExpired(Conflict):
    """Only expired units are left, or were named; ``expired`` says how many lie there."""

    code = "inventory/lot-expired"
    title = "Expired units cannot be shipped"


class TrackingFixed(Conflict):
    """How units on hand are told apart cannot change under them."""

    code = "inventory/tracking-fixed"
    title = "Units on hand are told apart otherwise"


class UnknownLot(NotFound):
    code = "inventory/unknown-lot"
    title = "No such lot"


class TransferClosed(Conflict):
    """The transfer is in a state in which this is not possible."""

    code = "inventory/transfer-closed"
    title = "The transfer does not allow this any more, or not yet"


class NotInTransfer(Conflict):
    """More arrived than is on its way; ``outstanding`` says how much is."""

    code = "inventory/not-in-transfer"
    title = "That much is not on its way"


class UnknownTransfer(NotFound):
    code = "inventory/unknown-transfer"
    title = "No such transfer"


class NoReservation(NotFound):
    code = "inventory/no-reservation"
    title = "No such reservation"


class UnknownLocation(NotFound):
    code = "inventory/unknown-location"
    title = "No such location"


class UnknownSku(NotFound):
    code = "inventory/unknown-sku"
    title = "No such SKU"


class EmptyStockChange(Invalid):
    code = "inventory/empty-change"
    title = "Quantities are whole numbers above zero, and a change is not zero"


class WrongDirection(Invalid):
    """A receipt that takes units away, a loss that adds some."""

    code = "inventory/wrong-direction"
    title = "This kind of movement goes the other way"


class LevelChanged(StaleVersion):
    code = "inventory/level-changed"
    title = "The level was changed in the meantime"


class PolicyUnfit(Conflict):
    """The policy would allow fewer backordered units than there are."""

    code = "inventory/policy-unfit"
    title = "The policy does not fit what is promised already"


class PolicyChanged(StaleVersion):
    code = "inventory/policy-changed"
    title = "The policy was changed in the meantime"


class KitOfKits(Invalid):
    """A component is a kit itself, or a kit is a component elsewhere."""

    code = "inventory/kit-of-kits"
    title = "Kits are made of plain SKUs"


class NoCount(NotFound):
    code = "inventory/no-count"
    title = "No such count"


class CountClosed(Conflict):
    """The count is past the state in which this is possible."""

    code = "inventory/count-closed"
    title = "The count no longer allows this"


class NothingToCount(Conflict):
    code = "inventory/nothing-to-count"
    title = "There is nothing to count"


class CountedElsewhere(Conflict):
    """A SKU is in one open count of a location at a time."""

    code = "inventory/counted-elsewhere"
    title = "Another open count has this on its list"


class UncountedSku(Invalid):
    code = "inventory/uncounted-sku"
    title = "There is no count of this SKU to decide on"


class CountUndecided(Conflict):
    """Variances wait for a decision."""

    code = "inventory/count-undecided"
    title = "Not every variance is decided on"


class NoAlertRule(NotFound):
    code = "inventory/no-alert-rule"
    title = "No such alert rule"


class NegativeBuffer(Invalid):
    code = "inventory/negative-buffer"
    title = "A buffer holds back no less than nothing"


class NoBuffer(NotFound):
    code = "inventory/no-buffer"
    title = "No such buffer"


class NotAStockFile(Invalid):
    code = "inventory/not-a-stock-file"
    title = "The file is not of its format"


class NoDeviceLetter(NotFound):
    code = "inventory/no-device-letter"
    title = "No such message waits"


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
