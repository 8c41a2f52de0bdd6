"""Serializers that speak camelCase, and money."""

from collections.abc import Mapping
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from ecommerce.errors import Invalid
from ecommerce.http.components import MAX_MINOR
from ecommerce.http.faults import faults_of
from ecommerce.http.naming import camel
from ecommerce.money import Money

MAX_INTEGER = 2**31 - 1
"""What an integer column holds."""


class Serializer(serializers.Serializer):  # type: ignore[type-arg]  # renders any plain object
    """Fields are declared in snake_case and travel in camelCase; the keys of maps are left alone.

    Every integer is bounded, so that none overflows its column: by what a 32-bit column holds, or for
    amounts (names that end in ``_minor``) by what JSON keeps exact. Say ``max_value`` for another bound.
    ``validate_<snake_name>`` and ``get_<snake_name>`` are found as usual.
    """

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        renamed: dict[str, serializers.Field[Any, Any, Any, Any]] = {}
        for name, field in super().get_fields().items():
            _bound(field, MAX_MINOR if name.endswith("_minor") else MAX_INTEGER)
            renamed[camel(name)] = field
            if camel(name) != name:
                self._keep_python_name(name, field)
        return renamed

    def _keep_python_name(self, name: str, field: Any) -> None:
        """What DRF finds by the name of a field is still found by its name in Python."""
        if field.source is None:
            field.source = name
        if isinstance(field, serializers.SerializerMethodField) and field.method_name is None:
            field.method_name = f"get_{name}"
        check = getattr(self, f"validate_{name}", None)
        if check is not None:
            setattr(self, f"validate_{camel(name)}", check)


def _bound(field: Any, limit: int) -> None:
    if isinstance(field, serializers.IntegerField):
        if field.max_value is None:
            _limit(field, "max_value", limit, MaxValueValidator)
        if field.min_value is None:
            _limit(field, "min_value", -limit, MinValueValidator)
    elif isinstance(field, (serializers.ListField, serializers.DictField)):
        _bound(field.child, limit)


def _limit(field: Any, name: str, limit: int, validator: Any) -> None:
    setattr(field, name, limit)
    message = field.error_messages[name].format(**{name: limit})
    field.validators.append(validator(limit, message=message))


class _MoneySerializer(Serializer):
    amount = serializers.IntegerField(min_value=-MAX_MINOR, max_value=MAX_MINOR)
    currency = serializers.RegexField(r"^[A-Z]{3}$")


class MoneyField(serializers.Field):  # type: ignore[type-arg]  # Money in, Money out
    """``{"amount": 1999, "currency": "EUR"}`` and ``Money(1999, "EUR")``."""

    def __init__(self, *, min_amount: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.min_amount = min_amount

    def to_internal_value(self, data: Any) -> Money:
        money = _MoneySerializer(data=data)
        money.is_valid(raise_exception=True)
        amount: int = money.validated_data["amount"]
        if self.min_amount is not None and amount < self.min_amount:
            detail = ErrorDetail(f"At least {self.min_amount}.", code="min_value")
            raise ValidationError({"amount": [detail]})
        return Money(amount, money.validated_data["currency"])

    def to_representation(self, value: Money) -> dict[str, Any]:
        return {"amount": value.amount, "currency": value.currency}


def read_query(request: Request, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The query parameters, checked; a refusal points at ``?name``."""
    query = serializer(data=request.query_params)
    if not query.is_valid():
        raise Invalid("A query parameter is not valid.", faults=faults_of(query.errors, query=True))
    checked: Mapping[str, Any] = query.validated_data
    return dict(checked)
