"""Serializers that speak camelCase, and money."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache, cached_property
from operator import attrgetter
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.utils.serializer_helpers import ReturnDict

from ecommerce.http.components import MAX_AMOUNT, MAX_MINOR
from ecommerce.http.naming import camel
from ecommerce.money import Money
from ecommerce.places import known_country

MAX_INTEGER = 2**31 - 1
"""What an integer column holds."""


class Serializer(serializers.Serializer):  # type: ignore[type-arg]  # renders any plain object
    """Fields are declared in snake_case and travel in camelCase; the keys of maps are left alone.

    Every integer is bounded, so that none overflows its column: by what a 32-bit column holds, or for
    amounts (names that end in ``_minor``) by what JSON keeps exact. Say ``max_value`` for another bound.
    ``validate_<snake_name>`` and ``get_<snake_name>`` are found as usual.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name, field in cls._declared_fields.items():
            _bound(field, MAX_MINOR if name.endswith("_minor") else MAX_INTEGER)

    @property
    def data(self) -> Any:
        """The rendered object, by the one instance of its class that has its fields already.

        Copying the fields anew for every answer cost more than rendering it.
        """
        if self.instance is None or hasattr(self, "initial_data") or self._context or self.parent:
            return super().data
        return ReturnDict(shared(type(self)).to_representation(self.instance), serializer=self)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """What DRF renders, by what was found out about the fields once.

        DRF asks each field anew, for each object, where its value is and how it is shown. What is not a
        plain attribute is still its to render.
        """
        shown = {}
        try:
            for name, read, show in self._shown:
                value = read(instance)
                shown[name] = None if value is None else show(value)
        except (AttributeError, TypeError):
            return super().to_representation(instance)
        return shown

    @cached_property
    def _shown(self) -> list[tuple[str, Callable[[Any], Any], Callable[[Any], Any]]]:
        return [
            (
                name,
                _itself if field.source == "*" else attrgetter(str(field.source)),
                _PLAIN.get(type(field), field.to_representation),
            )
            for name, field in self.fields.items()
            if not field.write_only
        ]

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        renamed: dict[str, serializers.Field[Any, Any, Any, Any]] = {}
        for name, field in super().get_fields().items():
            renamed[camel(name)] = field
            if camel(name) != name:
                self._keep_python_name(name, field)
        return renamed

    def _keep_python_name(self, name: str, field: Any) -> None:
        """What DRF finds by the name of a field is still found by its name in Python."""
        if field.source is None:
            field.source = name
        if isinstance(field, serializers.SerializerMethodField):
            field.method_name = getattr(field, "method_name", "") or f"get_{name}"
        check = getattr(self, f"validate_{name}", None)
        if check is not None:
            setattr(self, f"validate_{camel(name)}", check)


def _itself(value: Any) -> Any:
    return value


def _text(value: Any) -> str:
    return value if type(value) is str else _plainly(value)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("DRF makes it one")
    return value


def _truth(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError("DRF knows what is taken for true")
    return value


def _moment(value: Any) -> str:
    text = value.isoformat() if isinstance(value, datetime) else ""
    if not text.endswith("+00:00"):
        raise TypeError("DRF takes it to UTC")
    return f"{text[:-6]}Z"


def _plainly(value: Any) -> str:
    if callable(value):
        raise TypeError("DRF calls what can be called")
    return str(value)


_PLAIN: dict[type, Callable[[Any], Any]] = {
    serializers.CharField: _text,
    serializers.RegexField: _text,
    serializers.EmailField: _text,
    serializers.UUIDField: _text,
    serializers.IntegerField: _whole,
    serializers.BooleanField: _truth,
    serializers.DateTimeField: _moment,
}
"""How DRF shows the values of these, where they are what they should be."""


def _bound(field: Any, limit: int) -> None:
    """Set the bounds in what DRF keeps to make the copies from that every instance has."""
    declared = field._kwargs
    if isinstance(field, serializers.IntegerField):
        if declared.get("max_value") is None:
            declared["max_value"] = limit
        if declared.get("min_value") is None:
            declared["min_value"] = -limit
    elif isinstance(field, (serializers.ListField, serializers.DictField)) and "child" in declared:
        _bound(declared["child"], limit)


_CURRENCY = re.compile(r"[A-Z]{3}")


class MoneyField(serializers.Field):  # type: ignore[type-arg]  # Money in, Money out
    """``{"amount": 1999, "currency": "EUR"}`` and ``Money(1999, "EUR")``."""

    default_error_messages = {
        "object": "Expected an object with amount and currency.",
        "amount": "A whole number of minor units is required.",
        "range": "At most {limit} either way.",
        "min_value": "At least {min_amount}.",
        "currency": "An ISO 4217 code is required.",
    }

    def __init__(self, *, min_amount: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.min_amount = min_amount

    def to_internal_value(self, data: Any) -> Money:
        if not isinstance(data, Mapping):
            self.fail("object")
        amount: Any = data.get("amount")
        currency: Any = data.get("currency")
        faults = {}
        if (code := self._fault_of(amount)) is not None:
            faults["amount"] = [self._detail(code)]
        if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
            faults["currency"] = [self._detail("currency")]
        if faults:
            raise ValidationError(faults)
        return Money(amount, currency)

    def _fault_of(self, amount: Any) -> str | None:
        if type(amount) is not int:
            return "amount"
        if abs(amount) > MAX_AMOUNT:
            return "range"
        return "min_value" if self.min_amount is not None and amount < self.min_amount else None

    def _detail(self, code: str) -> ErrorDetail:
        message = self.error_messages[code].format(limit=MAX_AMOUNT, min_amount=self.min_amount)
        return ErrorDetail(message, code=code)

    def to_representation(self, value: Money) -> dict[str, Any]:
        return {"amount": value.amount, "currency": value.currency}


class PercentField(serializers.DecimalField):
    """A rate in percent as its shortest decimal string: ``"21"``, ``"5.5"``, and never ``"21.0000"``.

    How many places a column or a sum happens to have is of no interest to whoever reads it.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 7, "decimal_places": 4, **kwargs})

    def to_representation(self, value: Decimal | str) -> str:
        return f"{Decimal(value).normalize():f}"


class CountryField(serializers.RegexField):
    """A country that there is: ``"DE"``, and never ``"ZZ"``."""

    default_error_messages = {"unknown": "No ISO 3166-1 country."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(r"^[A-Z]{2}$", **{"help_text": "ISO 3166-1 alpha-2", **kwargs})

    def to_internal_value(self, data: Any) -> str:
        code = str(super().to_internal_value(data))
        if not known_country(code):
            self.fail("unknown")
        return code


@cache
def shared(kind: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """The instance of a serializer that all threads use for what keeps nothing: no data, no context."""
    return kind()
