"""The ways in which the shipping room says no."""

from ecommerce.errors import Conflict, Invalid, NotFound, Unauthenticated, Unavailable


class FulfilmentNotFound(NotFound):
    """There is no such fulfilment, or it is of someone else's order."""

    code = "shipping/fulfillment-not-found"
    title = "No such fulfilment"


class ShipmentNotFound(NotFound):
    """There is no such shipment, or it is of someone else's order."""

    code = "shipping/shipment-not-found"
    title = "No such shipment"


class TrackingNotFound(NotFound):
    """No parcel of ours has that number."""

    code = "shipping/tracking-not-found"
    title = "No such tracking number"


class LabelNotFound(NotFound):
    """No label was bought for the shipment yet."""

    code = "shipping/label-not-found"
    title = "No label yet"


class StepRefused(Conflict):
    """The fulfilment is not in a state from which it may go there."""

    code = "shipping/step-refused"
    title = "A fulfilment cannot go that way"


class OrderNotReady(Conflict):
    """Only a paid order that nobody works on yet can be sent."""

    code = "shipping/order-not-ready"
    title = "The order is not ready for the warehouse"


class AlreadyRequested(Conflict):
    """The order has a fulfilment already."""

    code = "shipping/already-requested"
    title = "The order is being fulfilled already"


class LabelBought(Conflict):
    """A label was bought or is being bought: the parcel has to go."""

    code = "shipping/label-bought"
    title = "A label was bought for it"


class BookingRefused(Conflict):
    """The carrier does not take this parcel."""

    code = "shipping/booking-refused"
    title = "The carrier refused the parcel"


class CarrierUnavailable(Unavailable):
    """The carrier did not answer. The booking goes on by itself and never buys two labels."""

    code = "shipping/carrier-unavailable"
    title = "The carrier does not answer"


class CarrierUnknown(NotFound):
    """No carrier of that name is connected."""

    code = "shipping/carrier-unknown"
    title = "No such carrier"


class WebhookRefused(Unauthenticated):
    """The message is not signed by the carrier, or too old."""

    code = "shipping/webhook-refused"
    title = "The signature does not match"


class MethodInvalid(Invalid):
    """A way of sending needs at least one price, and rising weights."""

    code = "shipping/method-invalid"
    title = "Not a shipping method"


class UnknownSkus(Invalid):
    """Some of the SKUs do not exist."""

    code = "shipping/unknown-skus"
    title = "No such SKUs"


class UnreadableMessage(Invalid):
    """The carrier signed something that we do not understand."""

    code = "shipping/unreadable-message"
    title = "Not a message of this carrier"
