"""What to buy: proposals from forecasts, stock, and what is on its way."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.inventory.domain.replenishment import SERVICE_LEVELS, Demand, Plan, Terms, plan
from apps.inventory.errors import NoProposal
from apps.inventory.events import ReplenishmentProposed
from apps.inventory.models import DemandForecast, ReplenishmentProposal, SupplierTerm
from apps.inventory.queries import planning as queries
from apps.inventory.queries.planning import Where
from apps.inventory.queries.purchasing import on_order
from apps.inventory.types import Proposal, ProposeReplenishment, Reason
from ecommerce.events import publish_many
from ecommerce.jobs import JobContext
from ecommerce.jobs.services import start_job
from ecommerce.jobs.types import JobView

BATCH = 200


def propose_replenishment(command: ProposeReplenishment, *, now: datetime) -> tuple[Proposal, ...]:
    """Compute what to buy of these SKUs; the proposals that are open after it.

    One is made or brought up to date where the position (what can be promised and what is ordered)
    is at the reorder point, and dismissed where it is not any more. A repeat changes nothing. SKUs
    without a forecast, and those that no supplier sells, have none.
    """
    made: list[Proposal] = []
    wanted = {"sku_id__in": command.sku_ids, "location__code": command.location}
    for batch in queries.forecast_batches(
        BATCH, **{name: value for name, value in wanted.items() if value is not None}
    ):
        made += _propose(batch, command, now)
    return tuple(made)


def run_proposals(context: JobContext, *, now: datetime) -> None:
    """Likewise for the whole assortment, with progress. Every batch is a transaction."""
    command = ProposeReplenishment(
        location=context.params.get("location"),
        service_level=context.params.get("service_level"),
        review_days=context.params.get("review_days", 7),
    )
    wanted = {"location__code": command.location} if command.location else {}
    total, done = queries.forecasts(**wanted).count(), 0
    for batch in queries.forecast_batches(BATCH, **wanted):
        done += len(batch)
        with transaction.atomic():
            _propose(batch, command, now)
            context.advance(done, total=total)


def start_proposals(command: ProposeReplenishment, *, owner_id: UUID | None) -> JobView:
    """Have a worker propose for the whole assortment, or all that is at the command's location."""
    params = {
        "location": command.location,
        "service_level": command.service_level,
        "review_days": command.review_days,
    }
    return start_job(kind="inventory.propose_replenishment", owner_id=owner_id, params=params)


@transaction.atomic
def _propose(
    batch: Sequence[DemandForecast], command: ProposeReplenishment, now: datetime
) -> list[Proposal]:
    queries.lock_forecasts([row.id for row in batch])
    pairs: list[Where] = [(row.sku_id, row.location_id) for row in batch]
    skus = {sku for sku, _ in pairs}
    known = queries.open_proposals(pairs)
    terms = queries.best_terms(skus)
    free, coming = queries.promisable(skus), on_order(skus)
    open_now: list[ReplenishmentProposal] = []
    changed: list[ReplenishmentProposal] = []
    for row in sorted(batch, key=lambda row: (row.sku_id, row.location_id)):
        where = (row.sku_id, row.location_id)
        proposal, term = known.get(where), terms.get(row.sku_id)
        planned = None
        if term is not None:
            stock = (free.get(where, 0), coming.get(where, 0))
            planned = _plan(row, term, stock, command)
        if term is None or planned is None or not planned.units:
            if proposal is not None:
                _dismiss(proposal, now)
            continue
        position = sum(stock)
        written, differs = _write(proposal, row, term, planned, position, now)
        open_now.append(written)
        if differs:
            changed.append(written)
    publish_many([_fact(proposal) for proposal in changed])
    return [queries.proposal_view(proposal) for proposal in open_now]


def _plan(
    row: DemandForecast,
    term: SupplierTerm,
    stock: tuple[int, int],
    command: ProposeReplenishment,
) -> Plan:
    supplier = term.supplier
    return plan(
        Demand(daily=row.daily, sigma_daily=row.sigma_daily),
        Terms(
            lead_days=float(supplier.lead_time_days),
            lead_spread_days=float(supplier.lead_time_spread_days),
            minimum_units=term.minimum_units,
            pack_units=term.pack_units,
        ),
        position=sum(stock),
        review_days=command.review_days,
        service_level=command.service_level or SERVICE_LEVELS[row.abc],
    )


def _write(
    proposal: ReplenishmentProposal | None,
    row: DemandForecast,
    term: SupplierTerm,
    planned: Plan,
    position: int,
    now: datetime,
) -> tuple[ReplenishmentProposal, bool]:
    """The proposal as it is now, and whether it asks for something else than before."""
    fresh = proposal is None
    proposal = proposal or ReplenishmentProposal(
        sku_id=row.sku_id, location=row.location, created_at=now
    )
    before = (proposal.units, proposal.supplier_id)
    proposal.supplier = term.supplier
    proposal.units = planned.units
    proposal.position = position
    proposal.safety_stock = planned.safety_stock
    proposal.reorder_point = planned.reorder_point
    proposal.order_up_to = planned.order_up_to
    proposal.reasons = [
        asdict(reason)
        for reason in (
            Reason(rule="model", outcome=row.model, why=f"{row.pattern} demand, class {row.abc}"),
            *(Reason(rule=rule, outcome=out, why=why) for rule, out, why in planned.reasons),
        )
    ]
    proposal.updated_at = now
    proposal.save(force_insert=fresh)
    return proposal, fresh or before != (proposal.units, proposal.supplier_id)


def _dismiss(proposal: ReplenishmentProposal, now: datetime) -> None:
    proposal.state = ReplenishmentProposal.State.DISMISSED
    proposal.updated_at = now
    proposal.save(update_fields=["state", "updated_at"])


def _fact(proposal: ReplenishmentProposal) -> ReplenishmentProposed:
    return ReplenishmentProposed(
        proposal_id=proposal.id,
        sku_id=proposal.sku_id,
        location_id=proposal.location.code,
        supplier=proposal.supplier.code,
        quantity=proposal.units,
        reorder_point=proposal.reorder_point,
        order_up_to=proposal.order_up_to,
    )


def get_proposal(*, proposal_id: UUID) -> Proposal:
    """A proposal by its id. Raises NoProposal."""
    row = queries.proposals(id=proposal_id).first()
    if row is None:
        raise NoProposal(f"no proposal {proposal_id}")
    return queries.proposal_view(row)
