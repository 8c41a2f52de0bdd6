"""A price as its events tell it, and as callers see it."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from apps.pricing.models import Price as PriceRow
from apps.pricing.models import PriceList as ListRow
from apps.pricing.types import Price


class PriceFactFields(TypedDict):
    """The fields of PriceFacts, by name."""

    price_id: UUID
    price_list_id: UUID
    price_list_code: str
    priority: int
    sku_id: UUID
    channel: str
    currency: str
    includes_tax: bool
    min_quantity: int
    amount: int
    compare_at: int | None
    valid_from: datetime
    valid_to: datetime | None


def facts_of(row: PriceRow, price_list: ListRow) -> PriceFactFields:
    """What every event of a price carries."""
    return PriceFactFields(
        price_id=row.id,
        price_list_id=price_list.id,
        price_list_code=price_list.code,
        priority=price_list.priority,
        sku_id=row.sku_id,
        channel=price_list.channel,
        currency=price_list.currency,
        includes_tax=price_list.prices_include_tax,
        min_quantity=row.min_quantity,
        amount=row.amount_minor,
        compare_at=row.compare_at_minor,
        valid_from=row.valid_during.lower,
        valid_to=row.valid_during.upper,
    )


def view_of(row: PriceRow, price_list: ListRow) -> Price:
    return Price(
        id=row.id,
        price_list_id=price_list.id,
        price_list_code=price_list.code,
        channel=price_list.channel,
        currency=price_list.currency,
        sku_id=row.sku_id,
        amount_minor=row.amount_minor,
        compare_at_minor=row.compare_at_minor,
        min_quantity=row.min_quantity,
        valid_from=row.valid_during.lower,
        valid_to=row.valid_during.upper,
        withdrawn_at=row.withdrawn_at,
        replaces_id=row.replaces_id,
        reason=row.reason,
        version=row.version,
    )
