"""Keep a SKU from sale where something about its stock is not right, until somebody has looked."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.announce import Shift, of_shifts
from apps.inventory.queries import ledger, stock_holds, stripes
from apps.inventory.queries.stock_holds import Where
from apps.inventory.services._write import location_ids
from ecommerce.events import publish_many


def hold_from_sale(*, sku_id: UUID, location: str, reason: str, actor: str) -> None:
    """Promise no more of what lies there. What was promised before stands. Repeatable. Raises UnknownLocation."""
    (location_id,) = location_ids(location)
    hold_all([(sku_id, location_id)], [reason], reference="", actor=actor)


def let_be_sold(*, sku_id: UUID, location: str, actor: str, now: datetime) -> None:
    """Lift the hold, if there is one. Raises UnknownLocation."""
    (location_id,) = location_ids(location)
    lift_all([(sku_id, location_id)], actor=actor, now=now)


@transaction.atomic(savepoint=False)
def hold_all(
    places: Sequence[Where], reasons: Sequence[str], *, reference: str, actor: str
) -> None:
    """Keep SKUs and locations from sale, each with its reason, and tell what became unavailable."""
    if not places:
        return
    levels, before = _locked(places)
    stock_holds.hold(places, reasons, levels=levels, reference=reference, actor=actor)
    _tell(before)
    stripes.spread(before)


@transaction.atomic(savepoint=False)
def lift_all(
    places: Sequence[Where], *, actor: str, now: datetime, reference: str | None = None
) -> None:
    """Let SKUs and locations be sold again, and tell what became available.

    With a ``reference`` those only that were held for it: what others hold stays held.
    """
    if not places:
        return
    _, before = _locked(places)
    stock_holds.lift(places, reference=reference, actor=actor, now=now)
    _tell(before)
    stripes.spread(before)


def _locked(places: Sequence[Where]) -> tuple[list[UUID], dict[UUID, int]]:
    levels = stock_holds.lock(places)
    stripes.gather({sku_id for sku_id, _ in places})
    return levels, ledger.totals({sku_id for sku_id, _ in places})


def _tell(before: dict[UUID, int]) -> None:
    after = ledger.totals(before.keys())
    publish_many([*of_shifts(Shift(sku, before[sku], units) for sku, units in after.items())])
