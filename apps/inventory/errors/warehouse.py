"""How warehouses and allocations say no."""

from ecommerce.errors import Conflict, Invalid, NotFound, Unauthenticated, Unavailable


class NoTask(NotFound):
    code = "inventory/no-task"
    title = "No such warehouse task"


class TaskClosed(Conflict):
    """The task is past the state in which this is possible."""

    code = "inventory/task-closed"
    title = "The warehouse task no longer allows this"


class NothingToPick(Conflict):
    """The order has nothing allocated there that nobody picks yet."""

    code = "inventory/nothing-to-pick"
    title = "There is nothing to pick"


class RunByItsSystem(Conflict):
    """The warehouse's own system tells what becomes of its tasks, not a person."""

    code = "inventory/run-by-its-system"
    title = "The warehouse's own system tells that"


class NoWarehouseSystem(Conflict):
    """People run this warehouse by hand: there is nobody to ask."""

    code = "inventory/no-warehouse-system"
    title = "The warehouse has no system that could be asked"


class WarehouseUnavailable(Unavailable):
    """The warehouse's system does not answer."""

    code = "inventory/warehouse-unavailable"
    title = "The warehouse's system does not answer"


class UnfitReport(Invalid):
    """What the warehouse says cannot be of this task."""

    code = "inventory/unfit-report"
    title = "The report does not fit the task"


class UnreadableReport(Invalid):
    code = "inventory/unreadable-report"
    title = "The warehouse's message cannot be read"


class BadWarehouseSignature(Unauthenticated):
    code = "inventory/bad-signature"
    title = "The message is not signed as it should be"


class NoComparison(NotFound):
    code = "inventory/no-comparison"
    title = "No such comparison"


class NoAllocation(NotFound):
    code = "inventory/no-allocation"
    title = "No such allocation"


class AllocationBegun(Conflict):
    """Somebody picks it already, or it is over."""

    code = "inventory/allocation-begun"
    title = "The allocation no longer allows this"


class NotThere(Conflict):
    """A location has not the units that are to come from there; ``missing`` says which."""

    code = "inventory/not-there"
    title = "A location does not have that much"
