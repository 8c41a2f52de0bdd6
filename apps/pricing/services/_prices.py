"""Single prices: created, replaced, retired. What a price once said is never rewritten."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.pricing.errors import (
    PriceClosed,
    PriceListNotFound,
    PriceNotFound,
    PriceOverlap,
    WrongCurrency,
)
from apps.pricing.events import PriceChanged, PriceCreated, PriceRetired
from apps.pricing.models import Price as PriceRow
from apps.pricing.models import PriceList as ListRow
from apps.pricing.queries import prices as reads
from apps.pricing.queries.copy import period
from apps.pricing.services._price_facts import facts_of, view_of
from apps.pricing.services._references import check_sku
from apps.pricing.types import ChangePrice, CreatePrice, Price
from ecommerce.audit import record
from ecommerce.errors import Fault, Invalid, StaleVersion
from ecommerce.events import publish, publish_many
from ecommerce.identity import Viewer


@transaction.atomic
def create_price(command: CreatePrice, *, now: datetime) -> Price:
    """Give a SKU a price in a list for a time: from now or later, never in the past.

    Raises NoSuchSku; PriceOverlap, naming the price that holds in that period already.
    """
    price_list = _list(command.price_list_id)
    _check_currency(command.currency, price_list)
    check_sku(command.sku_id)
    start = _start(command.valid_from, command.valid_to, now=now)
    row = PriceRow(
        price_list=price_list,
        sku_id=command.sku_id,
        min_quantity=command.min_quantity,
        amount_minor=command.amount_minor,
        compare_at_minor=command.compare_at_minor,
        valid_during=period(start, command.valid_to),
        begun=start <= now,
        reason=command.reason,
        actor_id=command.actor.user_id if command.actor else None,
        created_at=now,
    )
    _insert(row)
    publish(PriceCreated(**facts_of(row, price_list)))
    _audit("created", row, command.actor)
    return view_of(row, price_list)


@transaction.atomic
def change_price(command: ChangePrice, *, now: datetime) -> Price:
    """Let a price say something else from ``effective_from`` (now) on; the row that said the old is kept.

    Another end alone amends the row; another amount ends it and puts a successor in its place,
    which is what is returned. Raises StaleVersion, PriceClosed for a price that has ended (a repeated
    change among them), PriceOverlap.
    """
    row, price_list = _locked(command.price_id, command.version, now=now)
    _check_currency(command.currency, price_list)
    if (row.amount_minor, row.compare_at_minor) == (command.amount_minor, command.compare_at_minor):
        return _amend(row, price_list, command, now=now)
    return _replace(row, price_list, command, now=now)


@transaction.atomic
def retire_price(
    *, price_id: UUID, now: datetime, version: int | None = None, actor: Viewer | None = None
) -> Price:
    """End a price now, or call it off where it has not begun. Repeating it changes nothing.

    Raises StaleVersion where a version is given and the price has moved on.
    """
    row = (
        PriceRow.objects.select_for_update(of=("self",))
        .select_related("price_list")
        .filter(id=price_id)
        .first()
    )
    if row is None:
        raise PriceNotFound()
    if _is_history(row, now):
        return view_of(row, row.price_list)
    if version is not None and version != row.version:
        raise StaleVersion()
    _close(row, now)
    publish(PriceRetired(**facts_of(row, row.price_list)))
    _audit("retired", row, actor)
    return view_of(row, row.price_list)


@transaction.atomic
def announce_begun_prices(*, now: datetime, limit: int = 1000) -> int:
    """Tell of scheduled prices whose time has come, so that read models follow. How many were told."""
    rows = list(
        PriceRow.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("price_list")
        .filter(begun=False, withdrawn_at__isnull=True, valid_during__startswith__lte=now)
        .order_by("id")[:limit]
    )
    PriceRow.objects.filter(id__in=[row.id for row in rows]).update(begun=True)
    publish_many(
        [
            PriceChanged(
                **facts_of(row, row.price_list),
                previous_price_id=row.replaces_id,
                previous_amount=None,
            )
            for row in rows
        ]
    )
    return len(rows)


def _amend(row: PriceRow, price_list: ListRow, command: ChangePrice, *, now: datetime) -> Price:
    if command.valid_to == row.valid_during.upper:
        return view_of(row, price_list)
    _start(row.valid_during.lower, command.valid_to, now=min(now, row.valid_during.lower))
    if command.valid_to is not None and command.valid_to < now:
        raise _past("/validTo")
    row.valid_during = period(row.valid_during.lower, command.valid_to)
    row.version += 1
    _save(row, ["valid_during", "version"])
    publish(
        PriceChanged(
            **facts_of(row, price_list), previous_price_id=row.id, previous_amount=row.amount_minor
        )
    )
    _audit("amended", row, command.actor)
    return view_of(row, price_list)


def _replace(row: PriceRow, price_list: ListRow, command: ChangePrice, *, now: datetime) -> Price:
    start = max(command.effective_from or now, row.valid_during.lower)
    _start(start, command.valid_to, now=now)
    _close(row, start, now=now)
    successor = PriceRow(
        price_list=price_list,
        sku_id=row.sku_id,
        min_quantity=row.min_quantity,
        amount_minor=command.amount_minor,
        compare_at_minor=command.compare_at_minor,
        valid_during=period(start, command.valid_to),
        begun=start <= now,
        replaces_id=row.id,
        reason=command.reason,
        actor_id=command.actor.user_id if command.actor else None,
        created_at=now,
    )
    _insert(successor)
    publish(
        PriceChanged(
            **facts_of(successor, price_list),
            previous_price_id=row.id,
            previous_amount=row.amount_minor,
        )
    )
    _audit("changed", successor, command.actor)
    return view_of(successor, price_list)


def _close(row: PriceRow, end: datetime, *, now: datetime | None = None) -> None:
    """A price that never came to hold is withdrawn; one that did ends."""
    if row.valid_during.lower >= end:
        row.withdrawn_at = now or end
    else:
        row.valid_during = period(row.valid_during.lower, end)
    row.version += 1
    _save(row, ["valid_during", "withdrawn_at", "version"])


def _save(row: PriceRow, fields: list[str]) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=fields)
    except IntegrityError as error:
        raise _overlap(row) from error


def _insert(row: PriceRow) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise _overlap(row) from error


def _overlap(row: PriceRow) -> PriceOverlap:
    other = reads.overlapping(
        price_list_id=row.price_list_id,
        sku_id=row.sku_id,
        min_quantity=row.min_quantity,
        valid_from=row.valid_during.lower,
        valid_to=row.valid_during.upper,
    )
    if other is None:
        return PriceOverlap()
    return PriceOverlap(
        f"Price {other.id} holds in that period",
        overlapping_price_id=str(other.id),
        valid_from=other.valid_during.lower.isoformat(),
        valid_to=other.valid_during.upper.isoformat() if other.valid_during.upper else None,
    )


def _list(price_list_id: UUID) -> ListRow:
    row = ListRow.objects.filter(id=price_list_id).first()
    if row is None:
        raise PriceListNotFound()
    return row


def _check_currency(currency: str | None, price_list: ListRow) -> None:
    if currency not in (None, price_list.currency):
        raise WrongCurrency(
            f"The price list is in {price_list.currency}", expected=price_list.currency
        )


def _locked(price_id: UUID, version: int | None, *, now: datetime) -> tuple[PriceRow, ListRow]:
    row = (
        PriceRow.objects.select_for_update(of=("self",))
        .select_related("price_list")
        .filter(id=price_id)
        .first()
    )
    if row is None:
        raise PriceNotFound()
    if version is not None and version != row.version:
        raise StaleVersion()
    if _is_history(row, now):
        raise PriceClosed()
    return row, row.price_list


def _is_history(row: PriceRow, now: datetime) -> bool:
    end = row.valid_during.upper
    return row.withdrawn_at is not None or (end is not None and end <= now)


def _start(start: datetime | None, end: datetime | None, *, now: datetime) -> datetime:
    start = start or now
    if start < now:
        raise _past("/validFrom")
    if end is not None and end <= start:
        fault = Fault(pointer="/validTo", detail="Must be later than validFrom.", code="period")
        raise Invalid("The period is empty.", faults=[fault])
    return start


def _past(pointer: str) -> Invalid:
    fault = Fault(pointer=pointer, detail="History is not rewritten: now or later.", code="past")
    return Invalid("That lies in the past.", faults=[fault])


def _audit(verb: str, row: PriceRow, actor: Viewer | None) -> None:
    record(
        action=f"pricing.price.{verb}",
        entity_type="price",
        entity_id=row.id,
        actor=actor,
        changes={"sku_id": str(row.sku_id), "amount_minor": row.amount_minor},
    )
