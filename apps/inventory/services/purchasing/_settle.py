"""A discrepancy is settled: accepted, credited by the supplier, or counted again."""

from datetime import datetime

from django.db import transaction

from apps.inventory.domain.landed import MOST_MINOR
from apps.inventory.domain.purchasing import Difference, Disposal, Reason, Settled
from apps.inventory.errors import CostBelowZero, DiscrepancySettled, InboundUnclear, NoDiscrepancy
from apps.inventory.models import Discrepancy as DiscrepancyRow
from apps.inventory.models import Inbound, InboundLine, PurchaseOrder
from apps.inventory.queries import purchasing as queries
from apps.inventory.services._change import adjust_stock
from apps.inventory.services.purchasing._broken import (
    dispose,
    end_claim,
    find_broken,
    find_whole,
)
from apps.inventory.services.purchasing._costs import (
    add_layer,
    cost_of_last,
    cost_of_missing,
    credit_layers,
)
from apps.inventory.services.purchasing._differences import fact_of
from apps.inventory.services.purchasing._on_the_way import hold_levels
from apps.inventory.services.purchasing._put_away import Arrival, put_away
from apps.inventory.services.purchasing._receive import follow
from apps.inventory.types import AdjustStock, Discrepancy, SettleDiscrepancy
from ecommerce.events import publish
from ecommerce.ids import new_id

_ENDS = {"accept": Settled.ACCEPTED, "credit": Settled.CREDITED, "recount": Settled.RECOUNTED}
_USUAL = {"accept": Disposal.SCRAP, "credit": Disposal.RETURN}


@transaction.atomic
def settle_discrepancy(command: SettleDiscrepancy, *, now: datetime) -> Discrepancy:
    """End a difference.

    - accept: it is so. What is missing is not expected any more; what is broken is the shop's loss, and is
      scrapped unless ``disposal`` says otherwise.
    - credit: it is so, and the supplier gives ``credit_minor`` (books' currency) back; of units that
      came beyond, their cost goes down by that. What is broken goes back, unless ``disposal`` says otherwise,
      and what of its cost was not given back is the shop's loss. No more is given than the units cost.
    - recount: ``counted`` units differ in truth. Stock and delivery are put right; with nought left
      the difference is over, else it stays open for the other two.

    A repeat changes nothing. Raises NoDiscrepancy, DiscrepancySettled where it ended otherwise,
    InboundUnclear, CostBelowZero, and InsufficientStock where units that never came are sold already, or
    broken ones are not there any more.
    """
    row, line, inbound, order = _locked(command)
    if row.state != Settled.OPEN:
        if _is_repeat(command, row):
            return queries.discrepancy_view(row, line)
        raise DiscrepancySettled(f"it is {row.state}", state=row.state)
    if command.disposal and (row.kind != Difference.DAMAGED or command.how == "recount"):
        raise InboundUnclear("only of broken units that are settled something becomes")
    hold_levels(inbound)
    if command.how == "recount":
        _recount(row, line, inbound, command, now)
    else:
        _accept(row, line, inbound, command)
        _end(row, command, now)
    if order is not None:
        follow(order, now)
    publish(fact_of(row, line))
    return queries.discrepancy_view(row, line)


def _is_repeat(command: SettleDiscrepancy, row: DiscrepancyRow) -> bool:
    """Did it end by these very words? A recount ends a difference with nought left."""
    return (
        row.state == _ENDS[command.how]
        and command.disposal in {"", row.disposal}
        and (command.how != "credit" or command.credit_minor == row.credit_minor)
        and (command.how != "recount" or command.counted == 0)
    )


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


def _accept(
    row: DiscrepancyRow, line: InboundLine, inbound: Inbound, command: SettleDiscrepancy
) -> None:
    of = line.order_line
    if row.kind == Difference.UNDER and of is not None:
        of.cancelled += min(row.units, of.outstanding)
        of.save(update_fields=["cancelled"])
    if command.how == "credit":
        if command.credit_minor < 1:
            raise InboundUnclear("a credit is above nought")
        if row.kind == Difference.OVER:
            credit_layers(of.id if of else line.id, command.credit_minor)
        elif command.credit_minor > _most(row, line, inbound):
            raise CostBelowZero(f"the units cost less than {command.credit_minor}")
        row.credit_minor = command.credit_minor
    if row.kind == Difference.DAMAGED:
        disposal = Disposal(command.disposal) if command.disposal else _USUAL[command.how]
        dispose(row, line, inbound, disposal, actor=command.actor)
        end_claim(row, row.credit_minor)


def _most(row: DiscrepancyRow, line: InboundLine, inbound: Inbound) -> int:
    """What a supplier can give back of units that are broken or missing: all that they cost, if that is known."""
    cost = cost_of_missing(inbound, line, row.units)
    if cost is None:
        return MOST_MINOR
    return row.cost_minor if row.kind == Difference.DAMAGED else cost.total_minor


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
        if counted < row.units:
            find_whole(row, line, inbound, units=row.units - counted, actor=command.actor, now=now)
        else:
            _find_broken(row, line, inbound, counted - row.units, command, now)
    else:
        beyond = row.kind == Difference.OVER
        more = counted - row.units if beyond else row.units - counted
        _correct(row, line, inbound, more, command, now)
    if counted:
        row.units = counted
        row.save(update_fields=["units", "cost_minor", "in_house"])
    else:
        _end(row, command, now)


def _correct(
    row: DiscrepancyRow,
    line: InboundLine,
    inbound: Inbound,
    more: int,
    command: SettleDiscrepancy,
    now: datetime,
) -> None:
    """So many more good units are there than were counted in, or fewer."""
    if more > 0:
        arrival = Arrival(line=line, received=more, damaged=0)
        put_away(
            inbound, [arrival], key=f"recount:{new_id()}", occurred_at=now, actor=command.actor
        )
        return
    _uncount(row, line, inbound, -more, command, now)


def _find_broken(
    row: DiscrepancyRow,
    line: InboundLine,
    inbound: Inbound,
    units: int,
    command: SettleDiscrepancy,
    now: datetime,
) -> None:
    if line.received < units:
        raise InboundUnclear("more is broken than was received")
    find_broken(row, line, inbound, units=units, actor=command.actor, now=now)


def _uncount(
    row: DiscrepancyRow,
    line: InboundLine,
    inbound: Inbound,
    units: int,
    command: SettleDiscrepancy,
    now: datetime,
) -> None:
    """So many units that were booked never came: neither they nor their cost were ever there."""
    if line.received < units:
        raise InboundUnclear("more is missing than was received")
    cost = cost_of_last(inbound, line, units)
    change = adjust_stock(
        AdjustStock(
            sku_id=line.sku_id,
            delta=-units,
            reason=Reason.COUNTED_AGAIN.value,
            location=inbound.location.code,
            reference=str(inbound.id),
            actor=command.actor,
        )
    )
    if cost is not None:
        add_layer(
            change,
            location_id=inbound.location_id,
            cost=cost,
            reference=row.id,
            occurred_at=now,
        )
    queries.count_arrival(line, received=-units, damaged=0)
