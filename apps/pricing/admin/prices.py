"""Price lists, prices and tax rates in the back office."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
)

from apps.catalog.services import find_skus
from apps.pricing import services
from apps.pricing.admin.ledger import LedgerAdmin
from apps.pricing.models import Price, PriceList, TaxRate
from apps.pricing.types import CreatePrice, CreatePriceList, CreateTaxRate, PriceRow, SetPrices
from ecommerce import clock
from ecommerce.backoffice import SkuAdmin, shown, viewer_in_admin
from ecommerce.errors import ShopError
from ecommerce.money import from_decimal


@admin.register(PriceList)
class PriceListAdmin(LedgerAdmin):
    """The lists, the one that wins first."""

    list_display = (
        "code",
        "name",
        "channel",
        "currency",
        "priority",
        "prices_include_tax",
        "status",
        "valid_from",
        "valid_to",
    )
    list_filter = ("channel", "currency", "status")
    search_fields = ("code", "name")
    ordering = ("channel", "currency", "-priority")
    fields = (
        "code",
        "name",
        "channel",
        "currency",
        "priority",
        "prices_include_tax",
        "valid_from",
        "valid_to",
    )

    def save_model(self, request: HttpRequest, obj: PriceList, form: Any, change: bool) -> None:
        made = services.create_price_list(
            CreatePriceList(**form.cleaned_data, actor=viewer_in_admin(request)), now=clock.now()
        )
        obj.pk = made.id


class PriceForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own generics are stubs only
    """A price as a merchandiser types it: in major units, from now where no start is told."""

    sku = forms.CharField(help_text="Its code or id", widget=UnfoldAdminTextInputWidget)
    amount = forms.DecimalField(min_value=0, widget=UnfoldAdminDecimalFieldWidget)
    compare_at = forms.DecimalField(
        min_value=0, required=False, widget=UnfoldAdminDecimalFieldWidget
    )
    valid_from = forms.SplitDateTimeField(required=False, widget=UnfoldAdminSplitDateTimeWidget)
    valid_to = forms.SplitDateTimeField(required=False, widget=UnfoldAdminSplitDateTimeWidget)

    class Meta:
        model = Price
        fields = ("price_list", "min_quantity", "reason")

    def clean_sku(self) -> UUID:
        try:
            sku_id = services.sku_named(self.cleaned_data["sku"])
            services.check_sku(sku_id)
        except ShopError as refusal:
            raise ValidationError(refusal.detail) from refusal
        return sku_id

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("price_list"):
            for name in ("amount", "compare_at"):
                typed[f"{name}_minor"] = self._minor(name, typed["price_list"].currency)
        return typed

    def _minor(self, name: str, currency: str) -> int | None:
        value = self.cleaned_data.get(name)
        if value is None:
            return None
        try:
            return from_decimal(value, currency).amount
        except ValueError as error:
            self.add_error(name, str(error))
            return None


_TYPED = (
    "price_list",
    "sku",
    "amount",
    "compare_at",
    "min_quantity",
    "valid_from",
    "valid_to",
    "reason",
)


@admin.register(Price)
class PriceAdmin(SkuAdmin, LedgerAdmin):
    """The history of prices. A new price without a period takes the place of the present one."""

    find_skus = staticmethod(find_skus)
    list_display = (
        "sku",
        "title",
        "price_list",
        "amount",
        "compare_at",
        "min_quantity",
        "valid_from",
        "valid_to",
        "state",
        "reason",
    )
    list_filter = ("price_list",)
    search_fields = ("=sku_id", "=id", "reason")
    list_select_related = ("price_list",)
    ordering = ("-id",)
    show_full_result_count = False
    actions = ("retire",)
    form = PriceForm

    def get_fields(self, request: HttpRequest, obj: Price | None = None) -> tuple[str, ...]:
        if obj is None:
            return _TYPED
        return (*self.list_display, "replaces_id", "actor_id", "version", "created_at")

    def save_model(self, request: HttpRequest, obj: Price, form: Any, change: bool) -> None:
        typed, actor, now = form.cleaned_data, viewer_in_admin(request), clock.now()
        if typed["valid_from"] is None and typed["valid_to"] is None:
            row = PriceRow(
                sku_id=typed["sku"],
                amount_minor=typed["amount_minor"],
                compare_at_minor=typed["compare_at_minor"],
                min_quantity=typed["min_quantity"],
            )
            [outcome] = services.set_prices(
                SetPrices(
                    price_list_id=obj.price_list_id,
                    rows=(row,),
                    reason=typed["reason"],
                    actor=actor,
                ),
                now=now,
            )
            obj.pk = outcome.price_id
            return
        made = services.create_price(
            CreatePrice(
                price_list_id=obj.price_list_id,
                sku_id=typed["sku"],
                amount_minor=typed["amount_minor"],
                compare_at_minor=typed["compare_at_minor"],
                min_quantity=typed["min_quantity"],
                valid_from=typed["valid_from"],
                valid_to=typed["valid_to"],
                reason=typed["reason"],
                actor=actor,
            ),
            now=now,
        )
        obj.pk = made.id

    @admin.action(description="Retire: end now, or call off", permissions=["operate"])
    def retire(self, request: HttpRequest, chosen: "QuerySet[Price]") -> None:
        actor, now = viewer_in_admin(request), clock.now()
        self.each(
            request,
            chosen,
            lambda row: services.retire_price(price_id=row.id, now=now, actor=actor),
        )

    @admin.display(ordering="amount_minor")
    def amount(self, row: Price) -> str:
        return shown(row.amount_minor, row.price_list.currency)

    @admin.display(ordering="compare_at_minor")
    def compare_at(self, row: Price) -> str:
        return shown(row.compare_at_minor, row.price_list.currency)

    def valid_from(self, row: Price) -> Any:
        return row.valid_during.lower

    def valid_to(self, row: Price) -> Any:
        return row.valid_during.upper

    def state(self, row: Price) -> str:
        now, end = clock.now(), row.valid_during.upper
        if row.withdrawn_at is not None:
            return "called off"
        if row.valid_during.lower > now:
            return "scheduled"
        return "ended" if end is not None and end <= now else "holds"


class TaxRateForm(forms.ModelForm):  # type: ignore[type-arg]  # likewise
    """A rate in percent, from now where no start is told."""

    tax_class_code = forms.SlugField(
        label="Tax class", initial="standard", widget=UnfoldAdminTextInputWidget
    )
    valid_from = forms.SplitDateTimeField(required=False, widget=UnfoldAdminSplitDateTimeWidget)
    valid_to = forms.SplitDateTimeField(required=False, widget=UnfoldAdminSplitDateTimeWidget)

    class Meta:
        model = TaxRate
        fields = ("country", "region", "rate", "name")


@admin.register(TaxRate)
class TaxRateAdmin(LedgerAdmin):
    """Rates of tax and when they hold."""

    list_display = ("country", "region", "tax_class", "rate", "name", "valid_from", "valid_to")
    list_filter = ("country", "tax_class")
    search_fields = ("country", "name")
    ordering = ("country", "region", "tax_class_id", "valid_during")
    actions = ("end",)
    form = TaxRateForm

    def get_fields(self, request: HttpRequest, obj: TaxRate | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("country", "region", "tax_class_code", "rate", "name", "valid_from", "valid_to")
        return self.list_display

    def save_model(self, request: HttpRequest, obj: TaxRate, form: Any, change: bool) -> None:
        typed = dict(form.cleaned_data)
        tax_class = typed.pop("tax_class_code")
        made = services.create_tax_rate(
            CreateTaxRate(**typed, tax_class=tax_class, actor=viewer_in_admin(request)),
            now=clock.now(),
        )
        obj.pk = made.id

    @admin.action(description="End now", permissions=["operate"])
    def end(self, request: HttpRequest, chosen: "QuerySet[TaxRate]") -> None:
        actor, now = viewer_in_admin(request), clock.now()
        self.each(
            request, chosen, lambda row: services.end_tax_rate(rate_id=row.id, now=now, actor=actor)
        )

    def valid_from(self, row: TaxRate) -> Any:
        return row.valid_during.lower

    def valid_to(self, row: TaxRate) -> Any:
        return row.valid_during.upper
