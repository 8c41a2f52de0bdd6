"""A discrepancy is settled: accepted, credited by the supplier, or counted again."""

from datetime import datetime

from django.db import transaction

from apps.inventory.domain.purchasing import Difference, Settled
from apps.inventory.errors import DiscrepancySettled, InboundUnclear, NoDiscrepancy
from apps.inventory.models import Discrepancy as DiscrepancyRow
from apps.inventory.models import Inbound, InboundLine, PurchaseOrder
from apps.inventory.queries import purchasing as queries
from apps.inventory.services._change import adjust_stock
from apps.inventory.services.purchasing._costs import credit_layers
from apps.inventory.services.purchasing._differences import fact_of
from apps.inventory.services.purchasing._put_away import Arrival, mend, put_away
from apps.inventory.services.purchasing._receive import follow
from apps.inventory.types import AdjustStock, Discrepancy, SettleDiscrepancy
from ecommerce.events import publish
from ecommerce.ids import new_id

_ENDS = {"accept": Settled.ACCEPTED, "credit": Settled.CREDITED, "recount": Settled.RECOUNTED}


@transaction.atomic
def settle_discrepancy(command: SettleDiscrepancy, *, now: datetime) -> Discrepancy:
    """End a difference.

    - accept: it is so. What is missing is not expected any more; what is broken is the shop's loss.
    - credit: it is so, and the supplier gives ``credit_minor`` (books' currency) back; of units that
      came beyond, their cost goes down by that.
    - recount: ``counted`` units differ in truth. Stock and delivery are put right; with nought left
      the difference is over, else it stays open for the other two.

    A repeat changes nothing. Raises NoDiscrepancy, DiscrepancySettled where it ended otherwise,
    InboundUnclear, CostBelowZero, and InsufficientStock where units that never came are sold already.
    """
    row, line, inbound, order = _locked(command)
    if row.state != Settled.OPEN:
        if row.state == _ENDS[command.how]:
            return queries.discrepancy_view(row, line)
        raise DiscrepancySettled(f"it is {row.state}", state=row.state)
    if command.how == "recount":
        _recount(row, line, inbound, command, now)
    else:
        _accept(row, line, command)
        _end(row, command, now)
    if order is not None:
        follow(order, now)
    publish(fact_of(row, line))
    return queries.discrepancy_view(row, line)


def _locked(
    command: SettleDiscrepancy,
) -> tuple[DiscrepancyRow, InboundLine, Inbound, PurchaseOrder | None]:
    found = queries.discrepancies().filter(id=command.discrepancy_id).first()
    if found is None:
        raise NoDiscrepancy(f"no discrepancy {command.discrepancy_id}")
    inbound, order = queries.locked_inbound(found.line.inbound_id)
    assert inbound is not None  # noqa: S101 its line is there
    row = DiscrepancyRow.objects.get(id=found.id)
    return row, queries.inbound_lines(inbound)[found.line.sku_id], inbound, order


def _accept(row: DiscrepancyRow, line: InboundLine, command: SettleDiscrepancy) -> None:
    of = line.order_line
    if row.kind == Difference.UNDER and of is not None:
        of.cancelled += min(row.units, of.outstanding)
        of.save(update_fields=["cancelled"])
    if command.how == "credit":
        if command.credit_minor < 1:
            raise InboundUnclear("a credit is above nought")
        if row.kind == Difference.OVER:
            credit_layers(of.id if of else line.id, command.credit_minor)
        row.credit_minor = command.credit_minor


def _end(row: DiscrepancyRow, command: SettleDiscrepancy, now: datetime) -> None:
    row.state = _ENDS[command.how].value
    row.note, row.settled_by, row.settled_at = command.note, command.actor, now
    row.save()


def _recount(
    row: DiscrepancyRow,
    line: InboundLine,
    inbound: Inbound,
    command: SettleDiscrepancy,
    now: datetime,
) -> None:
    counted = command.counted
    if counted is None or counted < 0:
        raise InboundUnclear("say how many units differ")
    if counted == row.units:
        return
    if row.kind == Difference.DAMAGED:
        _recount_broken(row, line, inbound, counted, command, now)
    else:
        beyond = row.kind == Difference.OVER
        more = counted - row.units if beyond else row.units - counted
        _correct(line, inbound, more, command, now)
    if counted:
        row.units = counted
        row.save(update_fields=["units", "cost_minor"])
    else:
        _end(row, command, now)


def _correct(
    line: InboundLine, inbound: Inbound, more: int, command: SettleDiscrepancy, now: datetime
) -> None:
    """So many more good units are there than were counted in, or fewer."""
    if more > 0:
        arrival = Arrival(line=line, received=more, damaged=0)
        put_away(
            inbound, [arrival], key=f"recount:{new_id()}", occurred_at=now, actor=command.actor
        )
        return
    if line.received + more < 0:
        raise InboundUnclear("more is missing than was received")
    _take(line, inbound, -more, "adjustment", command)
    queries.count_arrival(line, received=more, damaged=0)


def _recount_broken(
    row: DiscrepancyRow,
    line: InboundLine,
    inbound: Inbound,
    counted: int,
    command: SettleDiscrepancy,
    now: datetime,
) -> None:
    """Broken units that turn out whole go on hand at what they cost; whole ones that are broken leave it."""
    whole = row.units - counted
    if whole > 0:
        cost = row.cost_minor * whole // row.units
        row.cost_minor -= cost
        mend(inbound, line, units=whole, cost_minor=cost, occurred_at=now, actor=command.actor)
        return
    if line.received + whole < 0:
        raise InboundUnclear("more is broken than was received")
    _take(line, inbound, -whole, "damage", command)
    queries.count_arrival(line, received=whole, damaged=-whole)


def _take(
    line: InboundLine, inbound: Inbound, units: int, kind: str, command: SettleDiscrepancy
) -> None:
    adjust_stock(
        AdjustStock(
            sku_id=line.sku_id,
            delta=-units,
            reason="counted again",
            location=inbound.location.code,
            kind=kind,
            reference=str(inbound.id),
            actor=command.actor,
        )
    )
