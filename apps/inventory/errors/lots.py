"""How lots and transfers say no."""

from ecommerce.errors import Conflict, NotFound


class LotRequired(Conflict):
    """The SKU's units are told apart by lots, and those that come must say which they are."""

    code = "inventory/lot-required"
    title = "Say which lots these units are of"


class SerialRequired(Conflict):
    """The SKU's units have numbers, and each must be named once."""

    code = "inventory/serial-required"
    title = "Say which units these are"


class NotTracked(Conflict):
    """Lots or numbers were named of a SKU whose units are not told apart by them: nobody would know them again."""

    code = "inventory/not-tracked"
    title = "The SKU's units are not told apart that way"


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
