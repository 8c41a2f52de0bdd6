"""Proposals become purchase orders, or nothing."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.inventory.errors import NoProposal, ProposalClosed
from apps.inventory.models import PurchaseOrder as OrderRow
from apps.inventory.models import ReplenishmentProposal
from apps.inventory.queries import planning as queries
from apps.inventory.services.purchasing import draft_purchase_order, get_purchase_order
from apps.inventory.types import DraftOrder, OrderItem, Proposal, PurchaseOrder


@transaction.atomic
def order_proposals(
    *, proposal_ids: Collection[UUID], author: str, now: datetime
) -> tuple[PurchaseOrder, ...]:
    """Draft an order per supplier and location of these proposals. A repeat returns the orders of the first time.

    Raises NoProposal, ProposalClosed for one that was dismissed, PurchaseUnclear.
    """
    rows = _locked(proposal_ids)
    groups: dict[tuple[str, str], list[ReplenishmentProposal]] = defaultdict(list)
    orders = {row.order_id for row in rows if row.order_id is not None}
    for row in rows:
        if row.state == ReplenishmentProposal.State.DISMISSED:
            raise ProposalClosed(f"the proposal for {row.sku_id} is {row.state}", state=row.state)
        if row.state == ReplenishmentProposal.State.PROPOSED:
            groups[row.supplier.code, row.location.code].append(row)
    for (supplier, location), of in sorted(groups.items()):
        order = draft_purchase_order(
            DraftOrder(
                supplier=supplier,
                location=location,
                items=tuple(OrderItem(sku_id=row.sku_id, units=row.units) for row in of),
                author=author,
                note="from replenishment proposals",
            )
        )
        ReplenishmentProposal.objects.filter(id__in=[row.id for row in of]).update(
            state="ORDERED", order_id=order.id, updated_at=now
        )
        orders.add(order.id)
    numbered = OrderRow.objects.filter(id__in=orders).order_by("number")
    return tuple(get_purchase_order(order_id=order.id) for order in numbered)


@transaction.atomic
def dismiss_proposal(*, proposal_id: UUID, now: datetime) -> Proposal:
    """Not this time: the next run may propose again. A repeat changes nothing. Raises ProposalClosed once ordered."""
    (row,) = _locked([proposal_id])
    if row.state == ReplenishmentProposal.State.ORDERED:
        raise ProposalClosed("it was ordered", state=row.state)
    row.state = ReplenishmentProposal.State.DISMISSED
    row.updated_at = now
    row.save(update_fields=["state", "updated_at"])
    return queries.proposal_view(row)


def _locked(proposal_ids: Collection[UUID]) -> list[ReplenishmentProposal]:
    rows = list(
        queries.proposals()
        .select_for_update(of=("self",))
        .filter(id__in=list(proposal_ids))
        .order_by("sku_id", "location_id")
    )
    missing = set(proposal_ids) - {row.id for row in rows}
    if missing:
        raise NoProposal(f"no proposal {min(missing)}")
    return rows
