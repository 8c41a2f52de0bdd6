"""Reads of price lists and prices."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from apps.pricing.models import Price, PriceList


def with_list(rows: "QuerySet[Price]") -> "QuerySet[Price, Any]":
    """Prices with what one needs to know of their list and period, in the one statement."""
    return rows.annotate(
        price_list_code=F("price_list__code"),
        channel=F("price_list__channel"),
        currency=F("price_list__currency"),
        valid_from=F("valid_during__startswith"),
        valid_to=F("valid_during__endswith"),
    )


def all_lists(*, channel: str | None = None, currency: str | None = None) -> "QuerySet[PriceList]":
    wanted = {"channel": channel, "currency": currency}
    return PriceList.objects.filter(**{name: value for name, value in wanted.items() if value})


def prices_in(price_list_id: UUID, *, at: datetime | None = None) -> "QuerySet[Price, Any]":
    """The prices of a list: all of its history, or those that hold at a time."""
    rows = Price.objects.filter(price_list_id=price_list_id)
    return with_list(rows if at is None else _holding(rows, at))


def history_of(sku_id: UUID) -> "QuerySet[Price, Any]":
    """Everything that a SKU ever cost or was going to cost."""
    return with_list(Price.objects.filter(sku_id=sku_id))


def prices_of(
    sku_id: UUID, *, currency: str | None, channel: str | None, at: datetime
) -> "QuerySet[Price, Any]":
    """The prices of a SKU that hold at a time, the one that applies first."""
    wanted = {"price_list__currency": currency, "price_list__channel": channel}
    rows = _holding(Price.objects.filter(sku_id=sku_id), at).filter(
        Q(price_list__valid_from__isnull=True) | Q(price_list__valid_from__lte=at),
        Q(price_list__valid_to__isnull=True) | Q(price_list__valid_to__gt=at),
        price_list__status=PriceList.Status.ACTIVE,
        **{name: value for name, value in wanted.items() if value},
    )
    return with_list(rows).order_by(
        "price_list__channel",
        "price_list__currency",
        "-price_list__priority",
        "price_list_id",
        "min_quantity",
    )


def open_prices(
    price_list_id: UUID, sku_ids: Collection[UUID], *, at: datetime
) -> "QuerySet[Price]":
    """Prices of the list that hold now or will, locked in id order."""
    still_open = Q(valid_during__endswith__isnull=True) | Q(valid_during__endswith__gt=at)
    return (
        Price.objects.select_for_update(of=("self",))
        .filter(
            still_open, price_list_id=price_list_id, sku_id__in=sku_ids, withdrawn_at__isnull=True
        )
        .order_by("id")
    )


def overlapping(
    *,
    price_list_id: UUID,
    sku_id: UUID,
    min_quantity: int,
    valid_from: datetime,
    valid_to: datetime | None,
) -> Price | None:
    """A price whose period the given one would overlap."""
    return (
        Price.objects.filter(
            price_list_id=price_list_id,
            sku_id=sku_id,
            min_quantity=min_quantity,
            withdrawn_at__isnull=True,
            valid_during__overlap=(valid_from, valid_to),
        )
        .order_by("id")
        .first()
    )


def _holding(rows: "QuerySet[Price]", at: datetime) -> "QuerySet[Price]":
    return rows.filter(withdrawn_at__isnull=True, valid_during__contains=at)
