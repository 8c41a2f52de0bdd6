"""Every type of event that the shop tells of: declared once, known by name. Free of Django."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import Any, TypeVar

from ecommerce.events.errors import EventError, InvalidPayload, UnknownEvent
from ecommerce.events.privacy import refuse_personal_data
from ecommerce.events.wire import schema_of, to_json

_NAME = re.compile(r"ecommerce\.([a-z_]+)\.[a-z_]+\.[a-z_]+\.v([1-9]\d*)")
_BY_NAME: dict[str, "EventType"] = {}
_BY_CLASS: dict[type, "EventType"] = {}

E = TypeVar("E")


@dataclass(frozen=True)
class EventType:
    """What is known of a type of event."""

    name: str
    key: str
    """The field whose value orders events: those of one key are consumed in order."""
    cls: type

    @cached_property
    def producer(self) -> str:
        """The context that tells it: ``ecommerce.orders``."""
        return ".".join(self.name.split(".")[:2])

    @cached_property
    def schema_version(self) -> int:
        return int(self.name.rsplit(".v", 1)[1])

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the payload."""
        return schema_of(self.cls)

    def payload_of(self, fact: Any) -> bytes:
        """The payload as it is stored, in JSON that fits ``schema``, or InvalidPayload."""
        try:
            return to_json(fact)
        except (ValueError, TypeError) as error:
            raise InvalidPayload(f"{self.name}: {error}") from error

    def key_of(self, fact: Any) -> str:
        return str(getattr(fact, self.key))


def event(name: str, *, key: str) -> Callable[[type[E]], type[E]]:
    """Register a frozen dataclass as the event ``ecommerce.<context>.<aggregate>.<event>.v<N>``.

    ``key`` names the field that orders events. Fields carry ids, never personal data.
    """

    def register(cls: type[E]) -> type[E]:
        _refuse_misdeclared(name, key, cls)
        kind = EventType(name=name, key=key, cls=cls)
        _BY_NAME[name] = kind
        _BY_CLASS[cls] = kind
        return cls

    return register


def _refuse_misdeclared(name: str, key: str, cls: type) -> None:
    if not _NAME.fullmatch(name):
        raise EventError(f"{name!r} is not ecommerce.<context>.<aggregate>.<event>.v<N>")
    known = _BY_NAME.get(name)
    if known and (known.cls.__module__, known.cls.__qualname__) != (
        cls.__module__,
        cls.__qualname__,
    ):
        raise EventError(f"{name} is already declared by {known.cls.__module__}")
    if not is_dataclass(cls) or not cls.__dataclass_params__.frozen:  # type: ignore[attr-defined]  # not in typeshed
        raise EventError(f"{cls.__name__} must be a frozen dataclass")
    names = [field.name for field in fields(cls)]
    if key not in names:
        raise EventError(f"{cls.__name__} has no field {key!r} to be its key")
    refuse_personal_data(cls.__name__, names)


def type_of(fact: object) -> EventType:
    """The registered type of an event object."""
    try:
        return _BY_CLASS[type(fact)]
    except KeyError:
        raise UnknownEvent(f"{type(fact).__name__} is not declared with @event") from None


def type_named(name: str) -> EventType:
    """The registered type of that name."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownEvent(f"{name} is not declared with @event") from None


def name_of(kind: str | type) -> str:
    """The type name of an event class; a name as it stands."""
    if isinstance(kind, str):
        return kind
    try:
        return _BY_CLASS[kind].name
    except KeyError:
        raise UnknownEvent(f"{kind.__name__} is not declared with @event") from None


def all_types() -> list[EventType]:
    """Every registered type, by name."""
    return [_BY_NAME[name] for name in sorted(_BY_NAME)]
