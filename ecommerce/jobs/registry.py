"""Which function does which kind of job."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from ecommerce.jobs.context import JobContext
    from ecommerce.jobs.types import JobView

Run = Callable[["JobContext"], None]
Hook = Callable[["JobView"], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """How a kind of job is done, and who is told within the transactions that start and end it."""

    name: str
    run: Run
    started: Hook | None = None
    finished: Hook | None = None


_kinds: dict[str, Kind] = {}


def job(
    kind: str, *, started: Hook | None = None, finished: Hook | None = None
) -> Callable[[Run], Run]:
    """Declare, in an app's tasks module, the function that does jobs of a kind.

    ``started`` is called once, in the transaction that starts the job; ``finished`` in the one that
    ends it (whatever the end: look at ``state``). Both may publish events.
    """

    def declare(run: Run) -> Run:
        known = _kinds.get(kind)
        if known is not None and known.run.__qualname__ != run.__qualname__:
            raise ValueError(f"two functions do jobs of kind {kind}")
        _kinds[kind] = Kind(name=kind, run=run, started=started, finished=finished)
        return run

    return declare


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises LookupError where no app declares it."""
    if name not in _kinds:
        autodiscover_modules("tasks")
    if name not in _kinds:
        raise LookupError(f"no app does jobs of kind {name!r}")
    return _kinds[name]
