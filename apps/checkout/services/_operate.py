"""What workers and operators do with sagas."""

from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction

from apps.checkout import queries
from apps.checkout.domain.saga import SagaState
from apps.checkout.errors import CheckoutNotFound, SagaBusy, SagaFinished, SagaNotFound
from apps.checkout.queries import LeaseLost, SagaRecord
from apps.checkout.services._confirm import may_see
from apps.checkout.services._drive import drive, note_failure
from apps.checkout.services._shape import checkout_of, saga_of
from apps.checkout.types import Checkout, Saga
from ecommerce.audit import record as record_audit
from ecommerce.errors import Forbidden
from ecommerce.identity import OPERATOR, Viewer
from ecommerce.ids import new_id
from ecommerce.operations.metrics import measured

logger = structlog.get_logger(__name__)


def get_checkout(*, checkout_id: UUID, viewer: Viewer) -> Checkout:
    """The checkout, for its owner and the back office."""
    record = queries.read_checkout(checkout_id)
    if record is None or not may_see(record, viewer):
        raise CheckoutNotFound
    return checkout_of(record)


def get_saga(*, saga_id: UUID, viewer: Viewer) -> Saga:
    """The saga with everything that it did. For operators only."""
    return saga_of(_known(saga_id, viewer))


def retry_saga(*, saga_id: UUID, viewer: Viewer, now: datetime) -> Saga:
    """Go on with a saga now, also with one that waits for a person.

    Raises SagaFinished where there is nothing left to do, SagaBusy while someone is at it.
    """
    state = _known(saga_id, viewer).state
    back = SagaState.COMPENSATING if _is_undoing(saga_id) else SagaState.RUNNING
    return _redirect(saga_id, state, back, viewer, now)


def compensate_saga(*, saga_id: UUID, viewer: Viewer, now: datetime) -> Saga:
    """Undo a purchase that is not paid yet. A paid one is canceled as an order.

    Raises SagaFinished, SagaBusy.
    """
    state = _known(saga_id, viewer).state
    return _redirect(saga_id, state, SagaState.COMPENSATING, viewer, now)


def resume_sagas(*, now: datetime, limit: int = 50) -> int:
    """Go on with the purchases that nobody carries on: their driver died, or they waited for the gateway.

    One at a time, each under a lease of its own; as many workers as like to may do so at once.
    Returns how many were taken up.
    """
    for taken in range(limit):
        saga = queries.claim_due(new_id())
        if saga is None:
            return taken
        _carry_on(saga, now)
    return limit


def expire_checkouts() -> int:
    """Close the checkouts whose promise is over; how many."""
    return queries.expire_open()


@measured(
    "checkout_sagas_open",
    "Purchases on their way, and those that wait for a person.",
    labels=("state",),
)
def open_sagas() -> dict[tuple[str, ...], float]:
    """How many sagas are in which state that is not an end."""
    return {(state,): float(n) for state, n in queries.open_sagas_by_state().items()}


def _carry_on(saga: SagaRecord, now: datetime) -> SagaRecord:
    try:
        return drive(saga, now=now)
    except LeaseLost:
        return saga
    except Exception as error:
        logger.exception("saga_step_broke", saga_id=str(saga.id))
        return _postponed(saga, error)


def _postponed(saga: SagaRecord, error: Exception) -> SagaRecord:
    latest = queries.read_saga(saga.id)
    if latest is None or latest.lease_owner != saga.lease_owner:
        return saga
    try:
        return note_failure(latest, error)
    except LeaseLost:
        return saga


def _redirect(
    saga_id: UUID, before: SagaState, after: SagaState, viewer: Viewer, now: datetime
) -> Saga:
    if before in {SagaState.COMPLETED, SagaState.COMPENSATED}:
        raise SagaFinished(f"The saga is {before}.", state=before.value)
    entry = {
        "step": "operator",
        "outcome": after.value.lower(),
        "detail": str(viewer.user_id or ""),
    }
    with transaction.atomic():
        if not queries.redirect(saga_id, after, entry):
            raise SagaBusy(retry_after_seconds=1)
        record_audit(
            action=f"checkout.saga.{'compensated' if after == SagaState.COMPENSATING else 'retried'}",
            entity_type="saga",
            entity_id=saga_id,
            actor=viewer,
            changes={"state": [before.value, after.value]},
        )
    claimed = queries.claim(saga_id, new_id())
    if claimed is not None:
        _carry_on(claimed, now)
    return get_saga(saga_id=saga_id, viewer=viewer)


def _is_undoing(saga_id: UUID) -> bool:
    record = queries.read_saga(saga_id)
    return record is not None and bool(record.failure)


def _known(saga_id: UUID, viewer: Viewer) -> SagaRecord:
    if not viewer.has_any(OPERATOR):
        raise Forbidden
    record = queries.read_saga(saga_id)
    if record is None:
        raise SagaNotFound
    return record
