"""The ways in which a checkout says no."""

from ecommerce.errors import Conflict, Invalid, NotFound


class CheckoutNotFound(NotFound):
    """There is no such checkout, or it is someone else's."""

    code = "checkout/not-found"
    title = "No such checkout"


class SagaNotFound(NotFound):
    """There is no such saga."""

    code = "checkout/saga-not-found"
    title = "No such saga"


class NotForSale(Conflict):
    """Some of the SKUs are no longer sold; facts: ``sku_ids``."""

    code = "checkout/not-for-sale"
    title = "Some of it is not for sale any more"


class ShippingUnavailable(Invalid):
    """The parcel is not sent that way; facts: ``options``."""

    code = "checkout/shipping-unavailable"
    title = "It cannot be sent that way"


class CheckoutExpired(Conflict):
    """Its prices were promised for a time that is over: start another."""

    code = "checkout/expired"
    title = "The checkout has expired"


class CheckoutClosed(Conflict):
    """It failed for good: start another."""

    code = "checkout/closed"
    title = "The checkout is closed"


class CheckoutInFlight(Conflict):
    """It is being confirmed at this moment: look again shortly."""

    code = "checkout/in-flight"
    title = "The checkout is being confirmed"


class PaymentDeclined(Conflict):
    """The bank said no; facts: ``decline_code``. The checkout is open again for another card."""

    code = "checkout/payment-declined"
    title = "The payment was declined"


class PurchaseFailed(Conflict):
    """The purchase was undone; facts: ``reason``. Nothing was charged that is not given back."""

    code = "checkout/failed"
    title = "The purchase did not come about"


class SagaFinished(Conflict):
    """There is nothing left to do or to undo."""

    code = "checkout/saga-finished"
    title = "The saga is over"


class SagaBusy(Conflict):
    """Someone runs the saga at this moment."""

    code = "checkout/saga-busy"
    title = "The saga is being run"
