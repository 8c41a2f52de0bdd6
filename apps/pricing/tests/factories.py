"""Small builders for pricing's tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import pytest
from django.db import transaction

from apps.accounts import services as accounts
from apps.catalog import services as catalog
from apps.catalog.types import ProductFields, SkuFields
from apps.pricing import services
from apps.pricing.types import (
    Coupon,
    CreatePriceList,
    CreatePromotion,
    CreateTaxRate,
    IssueCoupon,
    PriceRow,
    Promotion,
    QuoteCart,
    QuoteLine,
    SetPrices,
)
from ecommerce.ids import new_id
from ecommerce.ttl_cache import TtlCache

E = TypeVar("E", bound=Exception)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def skus(count: int) -> list[UUID]:
    """The SKUs of a product that the catalog has."""
    made = catalog.create_product(
        ProductFields(title="Thing", option_names=("Size",)),
        now=NOW,
        skus=[
            SkuFields(code=f"SKU-{new_id().hex}", options={"Size": str(number)})
            for number in range(count)
        ],
    )
    return [sku.sku_id for sku in made.skus]


def a_sku() -> UUID:
    [sku_id] = skus(1)
    return sku_id


def sold_in(*currencies: str) -> None:
    """The web channel sells in these, too."""
    web = accounts.get_channel("web")
    if not set(currencies) <= set(web.currencies):
        wider = tuple(dict.fromkeys((*web.currencies, *currencies)))
        accounts.save_channel(replace(web, currencies=wider))
        TtlCache.clear_all()  # as of half a minute later


def priced(amount_minor: int, *, currency: str = "EUR", now: datetime = NOW, **fields: Any) -> UUID:
    """A SKU with a price on the default list of the web channel."""
    sku_id = fields.pop("sku_id", None) or a_sku()
    prices = services.ensure_price_list(channel="web", currency=currency, now=now)
    row = PriceRow(sku_id=sku_id, amount_minor=amount_minor, **fields)
    services.set_prices(SetPrices(price_list_id=prices.id, rows=(row,)), now=now)
    return sku_id


def price_list(code: str, **fields: Any) -> UUID:
    values = {"name": code, "channel": "web", "currency": "EUR", **fields}
    sold_in(values["currency"])
    return services.create_price_list(CreatePriceList(code=code, **values), now=NOW).id


def taxed(rate: str, *, country: str = "DE", tax_class: str = "standard", **fields: Any) -> None:
    services.create_tax_rate(
        CreateTaxRate(
            country=country, tax_class=tax_class, rate=Decimal(rate), name=f"VAT {rate}", **fields
        ),
        now=NOW,
    )


def promotion(code: str, effect: str = "percentage_discount", **fields: Any) -> Promotion:
    return services.create_promotion(
        CreatePromotion(code=code, name=code.title(), effect=effect, **fields), now=NOW
    )


def coupon(code: str, *, percent: int = 10, **fields: Any) -> Coupon:
    rule = promotion(f"by-{code.lower()}", percent=percent, needs_coupon=True)
    return services.issue_coupon(IssueCoupon(code=code, promotion_id=rule.id, **fields), now=NOW)


def line(sku_id: UUID, quantity: int = 1, **fields: Any) -> QuoteLine:
    return QuoteLine(
        line_id=new_id(), sku_id=sku_id, product_id=new_id(), quantity=quantity, **fields
    )


def cart(*lines: QuoteLine, **fields: Any) -> QuoteCart:
    values = {"channel": "web", "currency": "EUR", "country": "DE", "record": False, **fields}
    return QuoteCart(lines=lines, **values)


@contextmanager
def refused(kind: type[E]) -> "Iterator[pytest.ExceptionInfo[E]]":
    """The refusal, in a transaction that it undoes, as a request's is."""
    with pytest.raises(kind) as refusal, transaction.atomic():
        yield refusal
