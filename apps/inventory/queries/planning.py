"""Sales per day, forecasts and proposals, many at once."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from apps.inventory.models import (
    DailyDemand,
    DemandForecast,
    ReplenishmentProposal,
    SupplierTerm,
)
from apps.inventory.queries.stripes import FREE
from apps.inventory.types import LocationForecast, Proposal, Reason
from ecommerce.sql import fetch_all

Where = tuple[UUID, UUID]
"""A SKU and a location."""

# Rows in one order, so that two writers queue up instead of deadlocking.
_ADD = """
INSERT INTO inventory_dailydemand AS d (sku_id, location_id, day, units)
SELECT t.sku_id, p.id, t.day, t.units
FROM unnest(%(skus)s::uuid[], %(locations)s::text[], %(days)s::date[], %(units)s::int[])
     AS t(sku_id, code, day, units)
JOIN inventory_location p ON p.code = t.code
ORDER BY 1, 2, 3
ON CONFLICT (sku_id, location_id, day) DO UPDATE SET units = d.units + excluded.units
"""

_PAIRS = """
SELECT DISTINCT sku_id, location_id FROM inventory_dailydemand
WHERE (sku_id, location_id) > (%(sku)s, %(location)s) ORDER BY 1, 2 LIMIT %(limit)s
"""

_PROFILE = """
SELECT extract(isodow FROM day)::int - 1, sum(units)::bigint FROM inventory_dailydemand
WHERE day > %(since)s AND day <= %(until)s GROUP BY 1
"""

_SINCE = """
SELECT sku_id, location_id, sum(units)::bigint FROM inventory_dailydemand
WHERE day > %(since)s AND day <= %(until)s GROUP BY 1, 2
"""

_PROMISABLE = f"""
SELECT l.sku_id, l.location_id, {FREE} FROM inventory_stocklevel l
WHERE l.sku_id = ANY(%(skus)s::uuid[])
"""


def add_demand(sums: dict[tuple[UUID, str, date], int]) -> None:
    """Add units to days. Locations that are not there are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD,
            {
                "skus": [sku for sku, _, _ in sums],
                "locations": [code for _, code, _ in sums],
                "days": [day for _, _, day in sums],
                "units": list(sums.values()),
            },
        )


def pairs_after(after: Where, limit: int) -> list[Where]:
    """SKUs and locations that sold something, behind one of them, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"sku": after[0], "location": after[1], "limit": limit})
        return list(cursor.fetchall())


def count_pairs() -> int:
    """How many there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT DISTINCT sku_id, location_id FROM inventory_dailydemand) d"
        )
        return int(cursor.fetchone()[0])


def weekday_sums(*, since: date, until: date) -> dict[int, int]:
    """Units per weekday (0 is Monday) of all SKUs."""
    with connection.cursor() as cursor:
        cursor.execute(_PROFILE, {"since": since, "until": until})
        return dict(cursor.fetchall())


def units_since(*, since: date, until: date) -> dict[Where, int]:
    """Units per SKU and location."""
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, {"since": since, "until": until})
        return {(sku, location): units for sku, location, units in cursor.fetchall()}


def histories(pairs: Collection[Where], *, since: date, until: date) -> dict[Where, list[float]]:
    """Daily units of each, from its first sale (after ``since``) to ``until``, days without sales as nought."""
    wanted = set(pairs)
    rows = (
        DailyDemand.objects.filter(
            sku_id__in={sku for sku, _ in wanted}, day__gt=since, day__lte=until
        )
        .order_by("sku_id", "location_id", "day")
        .values_list("sku_id", "location_id", "day", "units")
    )
    found: dict[Where, list[float]] = {}
    firsts: dict[Where, date] = {}
    for sku_id, location_id, day, units in rows.iterator(chunk_size=5000):
        where = (sku_id, location_id)
        if where not in wanted:
            continue
        if where not in firsts:
            firsts[where] = day
            found[where] = [0.0] * ((until - day) // timedelta(days=1) + 1)
        found[where][(day - firsts[where]) // timedelta(days=1)] = float(units)
    return found


def save_forecasts(rows: Sequence[DemandForecast]) -> None:
    """Write forecasts, each in the place of the one before it."""
    DemandForecast.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["sku_id", "location"],
        update_fields=[
            "starts_on",
            "daily",
            "sigma_daily",
            "model",
            "pattern",
            "abc",
            "history_days",
            "stockout_days",
            "wape",
            "bias",
            "naive_wape",
            "naive_bias",
            "computed_at",
        ],
    )


def forecasts(**filters: Any) -> "QuerySet[DemandForecast]":
    """Forecasts with their locations. Filters of None are left out."""
    wanted = {name: value for name, value in filters.items() if value is not None}
    return DemandForecast.objects.filter(**wanted).select_related("location")


def forecast_batches(size: int, **filters: Any) -> Iterator[list[DemandForecast]]:
    """All of them in batches, by their ids."""
    after: UUID | None = None
    while True:
        rows = forecasts(**filters)
        batch = list((rows.filter(id__gt=after) if after else rows).order_by("id")[:size])
        if not batch:
            return
        yield batch
        after = batch[-1].id


def lock_forecasts(ids: Collection[UUID]) -> None:
    """Who proposes for these does so alone until the transaction ends."""
    rows = DemandForecast.objects.select_for_update().filter(id__in=list(ids))
    list(rows.order_by("sku_id", "location_id").values_list("id", flat=True))


def forecast_view(row: DemandForecast) -> LocationForecast:
    """A forecast as callers see it."""
    return LocationForecast(
        sku_id=row.sku_id,
        location=row.location.code,
        starts_on=row.starts_on,
        daily=tuple(row.daily),
        sigma_daily=row.sigma_daily,
        model=row.model,
        pattern=row.pattern,  # type: ignore[arg-type]  # written by us
        abc=row.abc,  # type: ignore[arg-type]  # likewise
        history_days=row.history_days,
        stockout_days=row.stockout_days,
        wape=row.wape,
        bias=row.bias,
        naive_wape=row.naive_wape,
        naive_bias=row.naive_bias,
        computed_at=row.computed_at,
    )


def best_terms(sku_ids: Collection[UUID]) -> dict[UUID, SupplierTerm]:
    """Of whom to buy each SKU: who is preferred, else the first by code; inactive suppliers never."""
    rows = (
        SupplierTerm.objects.filter(sku_id__in=list(sku_ids), supplier__active=True)
        .select_related("supplier")
        .order_by("sku_id", "-preferred", "supplier__code")
    )
    best: dict[UUID, SupplierTerm] = {}
    for term in rows:
        best.setdefault(term.sku_id, term)
    return best


def promisable(sku_ids: Collection[UUID]) -> dict[Where, int]:
    """What can be promised of each SKU at each location."""
    rows = fetch_all(_PROMISABLE, skus=list(sku_ids))
    return {(sku_id, location_id): free for sku_id, location_id, free in rows}


def proposals(**filters: Any) -> "QuerySet[ReplenishmentProposal]":
    """Proposals with what a view of them shows. Filters of None are left out."""
    wanted = {name: value for name, value in filters.items() if value is not None}
    return ReplenishmentProposal.objects.filter(**wanted).select_related("location", "supplier")


def open_proposals(pairs: Collection[Where]) -> dict[Where, ReplenishmentProposal]:
    """The open ones of these SKUs, locked in their order."""
    rows = (
        ReplenishmentProposal.objects.select_for_update(of=("self",))
        .filter(state="PROPOSED", sku_id__in={sku for sku, _ in pairs})
        .select_related("location", "supplier")
        .order_by("sku_id", "location_id")
    )
    return {(row.sku_id, row.location_id): row for row in rows}


def proposal_view(row: ReplenishmentProposal) -> Proposal:
    """A proposal as callers see it."""
    return Proposal(
        id=row.id,
        sku_id=row.sku_id,
        location=row.location.code,
        supplier=row.supplier.code,
        state=row.state,  # type: ignore[arg-type]  # the column has the same choices
        units=row.units,
        position=row.position,
        safety_stock=row.safety_stock,
        reorder_point=row.reorder_point,
        order_up_to=row.order_up_to,
        reasons=tuple(Reason(**reason) for reason in row.reasons),
        order_id=row.order_id,
        created_at=row.created_at,
    )


def demand_around(
    sku_id: UUID, location_id: UUID, *, since: date
) -> tuple[dict[date, float], dict[date, float]]:
    """Units sold on each day from ``since`` to the last forecast, and those that it expects; empty without one."""
    forecast = DemandForecast.objects.filter(sku_id=sku_id, location_id=location_id).first()
    if forecast is None:
        return {}, {}
    begins = forecast.starts_on
    sales = DailyDemand.objects.filter(
        sku_id=sku_id, location_id=location_id, day__gte=since, day__lt=begins
    ).values_list("day", "units")
    quiet = {since + timedelta(days=n): 0.0 for n in range((begins - since).days)}
    sold = quiet | {day: float(units) for day, units in sales}
    ahead = {begins + timedelta(days=n): units for n, units in enumerate(forecast.daily)}
    return sold, ahead
