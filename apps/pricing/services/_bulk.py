"""Many prices at once: set-based changes, and the COPY door for a million rows."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeAlias, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.pricing.errors import PriceListNotFound, PriceOverlap
from apps.pricing.events import PriceChanged, PriceCreated
from apps.pricing.models import Price as PriceRow_
from apps.pricing.models import PriceList as ListRow
from apps.pricing.queries import copy
from apps.pricing.queries import prices as reads
from apps.pricing.services._price_facts import facts_of
from apps.pricing.services._references import unknown_skus
from apps.pricing.types import LoadedPrice, PriceOutcome, PriceRow, SetPrices
from ecommerce.audit import record
from ecommerce.events import publish_many
from ecommerce.ids import new_id

CHUNK = 2000
_Key: TypeAlias = tuple[UUID, int]
_T = TypeVar("_T")
_Fact: TypeAlias = PriceCreated | PriceChanged


@transaction.atomic
def set_prices(command: SetPrices, *, now: datetime) -> tuple[PriceOutcome, ...]:
    """Make these the prices of the list from ``now`` until the next scheduled price of each.

    Per row: created, changed, unchanged, or refused (an unknown SKU, named twice, another currency). Repeating it changes nothing.
    A handful of statements per 2,000 rows.
    """
    price_list = ListRow.objects.filter(id=command.price_list_id).first()
    if price_list is None:
        raise PriceListNotFound()
    refusals = _refusals(command, price_list)
    wanted: dict[_Key, PriceRow] = {}
    for number, row in enumerate(command.rows):
        if number not in refusals:
            wanted[row.sku_id, row.min_quantity] = row
    outcomes: dict[_Key, PriceOutcome] = {}
    for part in _parts(wanted.values(), CHUNK):
        outcomes.update(_set_part(price_list, part, command, now=now))
    record(
        action="pricing.prices.set",
        entity_type="price_list",
        entity_id=price_list.id,
        actor=command.actor,
        changes={"rows": len(command.rows), "reason": command.reason},
    )
    return tuple(
        _outcome(row, "refused", None, refusals[number])
        if number in refusals
        else outcomes[row.sku_id, row.min_quantity]
        for number, row in enumerate(command.rows)
    )


def load_prices(rows: Iterable[LoadedPrice], *, now: datetime) -> int:
    """Copy prices in, with their events, in batches that are each one transaction.

    Constant memory. A row whose period overlaps a price that is there is skipped, so a broken load
    may be repeated. Returns how many were written. Raises PriceListNotFound for an unknown list.
    """
    lists = {row.code: row for row in ListRow.objects.all()}
    return sum(_load_part(part, lists, now) for part in _parts(rows, CHUNK))


def _load_part(part: Sequence[LoadedPrice], lists: dict[str, ListRow], now: datetime) -> int:
    if unknown := {row.price_list_code for row in part} - lists.keys():
        raise PriceListNotFound(f"No price list {sorted(unknown)[0]}")
    prices = [
        PriceRow_(
            id=new_id(),
            price_list=lists[row.price_list_code],
            sku_id=row.sku_id,
            min_quantity=row.min_quantity,
            amount_minor=row.amount_minor,
            compare_at_minor=row.compare_at_minor,
            valid_during=copy.period(row.valid_from, row.valid_to),
            begun=row.valid_from <= now,
            created_at=now,
        )
        for row in part
    ]
    with transaction.atomic():
        written = copy.copy_prices(prices)
        publish_many(
            [PriceCreated(**facts_of(row, row.price_list)) for row in prices if row.id in written]
        )
    return len(written)


def _set_part(
    price_list: ListRow, part: Sequence[PriceRow], command: SetPrices, *, now: datetime
) -> Iterator[tuple[_Key, PriceOutcome]]:
    held, following = _standing(price_list, part, now)
    outcomes: list[tuple[_Key, PriceOutcome]] = []
    fresh: list[tuple[PriceRow_, PriceRow_ | None]] = []
    for row in part:
        key = (row.sku_id, row.min_quantity)
        before = held.get(key)
        if before and (before.amount_minor, before.compare_at_minor) == (
            row.amount_minor,
            row.compare_at_minor,
        ):
            outcomes.append((key, _outcome(row, "unchanged", before.id)))
            continue
        price = _price(price_list, row, command, now, until=following.get(key), before=before)
        fresh.append((price, before))
        outcomes.append((key, _outcome(row, "changed" if before else "created", price.id)))
    _write(fresh, now)
    publish_many([_fact(price, before, price_list) for price, before in fresh])
    return iter(outcomes)


def _standing(
    price_list: ListRow, part: Sequence[PriceRow], now: datetime
) -> tuple[dict[_Key, PriceRow_], dict[_Key, datetime]]:
    """What holds now, and when the next scheduled price begins."""
    held: dict[_Key, PriceRow_] = {}
    following: dict[_Key, datetime] = {}
    for price in reads.open_prices(price_list.id, {row.sku_id for row in part}, at=now):
        key = (price.sku_id, price.min_quantity)
        start = price.valid_during.lower
        if start <= now:
            held[key] = price
        else:
            following[key] = min(start, following.get(key, start))
    return held, following


def _price(
    price_list: ListRow,
    row: PriceRow,
    command: SetPrices,
    now: datetime,
    *,
    until: datetime | None,
    before: PriceRow_ | None,
) -> PriceRow_:
    return PriceRow_(
        price_list=price_list,
        sku_id=row.sku_id,
        min_quantity=row.min_quantity,
        amount_minor=row.amount_minor,
        compare_at_minor=row.compare_at_minor,
        valid_during=copy.period(now, until),
        replaces_id=before.id if before else None,
        reason=command.reason,
        actor_id=command.actor.user_id if command.actor else None,
        created_at=now,
    )


def _write(fresh: Sequence[tuple[PriceRow_, PriceRow_ | None]], now: datetime) -> None:
    copy.end_prices([before.id for _, before in fresh if before], now)
    try:
        with transaction.atomic():
            copy.insert_prices([price for price, _ in fresh])
    except IntegrityError as error:
        raise PriceOverlap("Somebody else set one of these prices just now") from error


def _fact(price: PriceRow_, before: PriceRow_ | None, price_list: ListRow) -> _Fact:
    if before is None:
        return PriceCreated(**facts_of(price, price_list))
    return PriceChanged(
        **facts_of(price, price_list),
        previous_price_id=before.id,
        previous_amount=before.amount_minor,
    )


def _outcome(row: PriceRow, outcome: str, price_id: UUID | None, detail: str = "") -> PriceOutcome:
    return PriceOutcome(
        sku_id=row.sku_id,
        min_quantity=row.min_quantity,
        outcome=outcome,
        price_id=price_id,
        detail=detail,
    )


def _refusals(command: SetPrices, price_list: ListRow) -> dict[int, str]:
    """Why rows are refused, by their number: of a SKU named twice, the first row that fits counts."""
    skus = frozenset() if command.skus_known else {row.sku_id for row in command.rows}
    unknown = unknown_skus(skus)
    refusals: dict[int, str] = {}
    seen: set[_Key] = set()
    for number, row in enumerate(command.rows):
        key = (row.sku_id, row.min_quantity)
        if row.currency not in (None, price_list.currency):
            refusals[number] = "not the currency of the price list"
        elif row.sku_id in unknown:
            refusals[number] = "no such SKU"
        elif key in seen:
            refusals[number] = "named twice"
        else:
            seen.add(key)
    return refusals


def _parts(rows: Iterable[_T], size: int) -> Iterator[list[_T]]:
    source = iter(rows)
    while part := list(islice(source, size)):
        yield part
