"""What people type in the admin: SKUs as their codes, money in major units, units by lot or number."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextInputWidget

from apps.catalog.services import find_skus
from apps.inventory import services
from apps.inventory.errors import UnknownSku
from apps.inventory.types import FoundUnits
from ecommerce.dimensions import CURRENCY
from ecommerce.money import Money, from_decimal


class SkuField(forms.CharField):
    """A SKU's id, shown and typed as its code. An id is taken, too."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            **{"label": "SKU", "max_length": 100, "widget": UnfoldAdminTextInputWidget()} | more
        )

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, UUID):
            return value
        known = find_skus(ids=(value,))
        return known[value].code if value in known else str(value)

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        try:
            return services.find_sku(sku=code) if code else None
        except UnknownSku as refusal:
            raise forms.ValidationError(refusal.detail) from refusal

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class MoneyField(forms.DecimalField):
    """Minor units, shown and typed in major units of ``currency``."""

    def __init__(self, *, currency: str = CURRENCY, **more: Any) -> None:
        self.currency = currency
        super().__init__(
            **{
                "min_value": 0,
                "max_digits": 15,
                "widget": UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}),
            }
            | more
        )

    def prepare_value(self, value: Any) -> Any:
        return Money(value, self.currency).to_decimal() if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        amount = super().clean(value)
        try:
            return None if amount is None else from_decimal(amount, self.currency).amount
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class MoneyForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A row of a document: its money is in the document's currency."""

    def __init__(self, *args: Any, currency: str = CURRENCY, **more: Any) -> None:
        super().__init__(*args, **more)
        for field in self.fields.values():
            if isinstance(field, MoneyField):
                field.currency = currency


class MoneyFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]  # likewise
    """``MoneyForm`` rows of a supplier, or of an order from one."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        of = self.instance
        supplier = getattr(of, "supplier", None) if getattr(of, "supplier_id", None) else of
        currency = getattr(supplier, "currency", "") or CURRENCY
        return {**super().get_form_kwargs(index), "currency": currency}


def found_units(text: str, *, serials: bool) -> tuple[FoundUnits, ...]:
    """Units that lie on a shelf, one entry a line: ``lot, units, expiry`` or ``number, lot, expiry``.

    The expiry may be left out, and the lot of a number. Raises ValidationError with the line.
    """
    entries = [line.strip() for line in text.splitlines() if line.strip()]
    return tuple(_found(entry, serials=serials) for entry in entries)


def _found(entry: str, *, serials: bool) -> FoundUnits:
    name, second, day, *more = [*(part.strip() for part in entry.split(",")), "", ""]
    try:
        expires_on = date.fromisoformat(day) if day else None
        units = 1 if serials else int(second)
    except ValueError as error:
        raise forms.ValidationError(f"“{entry}” cannot be read.") from error
    if any(more) or not name or units < 1 or max(len(name), len(second)) > 100:
        raise forms.ValidationError(f"“{entry}” cannot be read.")
    if serials:
        return FoundUnits(serial=name, lot=second, expires_on=expires_on)
    return FoundUnits(lot=name, quantity=units, expires_on=expires_on)
