"""How counts and alerts say no."""

from ecommerce.errors import Conflict, Invalid, NotFound


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


class CountedOtherwise(Invalid):
    """Lots or numbers were named of a SKU that has none."""

    code = "inventory/counted-otherwise"
    title = "The units of this SKU are not told apart so"


class CountUndecided(Conflict):
    """Variances wait for a decision."""

    code = "inventory/count-undecided"
    title = "Not every variance is decided on"


class NoAlertRule(NotFound):
    code = "inventory/no-alert-rule"
    title = "No such alert rule"
