"""Who listens to what: consumers as the code declares them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from ecommerce.events.envelope import Envelope
from ecommerce.events.errors import EventError, UnknownConsumer
from ecommerce.events.registry import all_types, name_of

Handler = Callable[[Sequence[Envelope]], None]
_CONSUMERS: dict[str, "Consumer"] = {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Consumer:
    """A function, the event types that it wants, and how it wants them."""

    name: str
    patterns: tuple[str, ...]
    handler: Handler
    tables: tuple[str, ...] = ()
    """The tables of a projection that ``replay`` may rebuild; empty for a consumer with other effects."""
    volatile: tuple[str, ...] = ()
    """Columns of those tables that differ from run to run (a clock's reading): left out of the parity check."""
    start: Literal["beginning", "now"] = "beginning"
    batch_size: int = 500
    attempts: int = 8
    """How often a failing event is tried before it becomes a dead letter."""

    @property
    def event_types(self) -> tuple[str, ...]:
        """The names wanted, wildcards replaced by the registered types that they stand for."""
        names: dict[str, None] = {}
        for pattern in self.patterns:
            known = [kind.name for kind in all_types() if fnmatchcase(kind.name, pattern)]
            names.update(dict.fromkeys(known if "*" in pattern else [pattern]))
        return tuple(names)


def consumer(
    name: str,
    *types: str | type,
    tables: tuple[str, ...] = (),
    volatile: tuple[str, ...] = (),
    start: Literal["beginning", "now"] = "beginning",
    batch_size: int = 500,
    attempts: int = 8,
) -> Callable[[Handler], Handler]:
    """Register a handler of event types: classes, names, or names with ``*``.

    It gets a batch in the order of the log, inside the transaction that advances its offsets, so its effects
    in the database happen exactly once.
    """
    if not types:
        raise EventError(f"{name} listens to nothing")

    def register(handler: Handler) -> Handler:
        known = _CONSUMERS.get(name)
        if known and known.handler.__qualname__ != handler.__qualname__:
            raise EventError(f"{name} is already declared by {known.handler.__module__}")
        _CONSUMERS[name] = Consumer(
            name=name,
            patterns=tuple(name_of(kind) for kind in types),
            handler=handler,
            tables=tables,
            volatile=volatile,
            start=start,
            batch_size=batch_size,
            attempts=attempts,
        )
        return handler

    return register


def all_consumers() -> list[Consumer]:
    """Every consumer that the code declares, by name."""
    return [_CONSUMERS[name] for name in sorted(_CONSUMERS)]


def consumer_named(name: str) -> Consumer:
    """The consumer of that name, or UnknownConsumer."""
    try:
        return _CONSUMERS[name]
    except KeyError:
        raise UnknownConsumer(f"No consumer is called {name}", known=sorted(_CONSUMERS)) from None


def forget_consumer(name: str) -> None:
    """Take back a registration (tests that declare consumers of their own)."""
    _CONSUMERS.pop(name, None)
