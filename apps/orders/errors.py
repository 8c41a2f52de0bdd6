"""The ways in which the orders room says no."""

from ecommerce.errors import Conflict, Invalid, NotFound


class OrderNotFound(NotFound):
    """There is no such order, or it is someone else's."""

    code = "orders/not-found"
    title = "No such order"


class NotCancelable(Conflict):
    """The order has gone too far to be called off."""

    code = "orders/not-cancelable"
    title = "The order cannot be canceled any more"


class TransitionRefused(Conflict):
    """The order is not in a state from which it may go there."""

    code = "orders/transition-refused"
    title = "An order cannot go that way"


class TransitionUnknown(Invalid):
    """Nobody may set that status by hand."""

    code = "orders/status-not-settable"
    title = "That status is not set by hand"


class FulfilmentRefused(Conflict):
    """Work on an order starts when it is paid, and not after it was canceled."""

    code = "orders/fulfilment-refused"
    title = "The order is not ready for the warehouse"


class OrderRefunded(Conflict):
    """The customer has all the money back; the goods stay unless an operator says otherwise."""

    code = "orders/refunded"
    title = "The order was refunded in full"


class AmountsDisagree(Invalid):
    """The lines of the order do not add up to its totals."""

    code = "orders/amounts-disagree"
    title = "The amounts do not add up"
