"""The statements of a checkout and its saga.

Whoever runs a saga holds its lease: every write names the holder, so that one who lost it (to a
worker that found it silent for too long) writes nothing. Leases live by the database's clock.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import QuerySet

from apps.checkout.domain.saga import LEASE_SECONDS, OPEN, SagaState
from apps.checkout.models import Saga
from apps.checkout.queries.records import CheckoutRecord, SagaRecord, SagaRow
from ecommerce.identity import Viewer


class LeaseLost(Exception):
    """Someone else runs the saga by now: what this one was about to write is not written."""


# Two documents of json: to make one of jsonb of them took as long as to write the rows.
_WHOLE = """
SELECT row_to_json(s)::text, row_to_json(c)::text
FROM saga s JOIN {checkouts} c ON c.id = s.checkout_id"""
_AS_IT_STANDS = _WHOLE.format(checkouts="checkout_checkout")

_MINE = """(c.customer_id = %(user)s
    OR (c.customer_id IS NULL AND c.guest_token_hash = %(guest)s))"""

_BEGIN = f"""
WITH begun AS (
    UPDATE checkout_checkout c
    SET status = 'PROCESSING', version = version + 1, failure_code = '', decline_code = '',
        payment_method = coalesce(%(method)s, payment_method)
    WHERE c.id = %(id)s AND c.status = 'OPEN' AND c.expires_at > now() AND {_MINE}
      AND (%(version)s::int IS NULL OR c.version = %(version)s)
    RETURNING *
), saga AS (
    INSERT INTO checkout_saga (id, name, checkout_id, attempt, order_id, payment_id, state, step, tries,
                               last_error, failure, log, lease_owner, lease_until)
    SELECT %(saga)s, 'checkout', id, attempt, order_id, payment_id, 'RUNNING', 'place', 0, '', '{{}}',
           jsonb_build_array(%(entry)s::jsonb || jsonb_build_object('at', now())), %(owner)s, now() + make_interval(secs => %(lease)s)
    FROM begun
    RETURNING *
){_WHOLE.format(checkouts="begun")}"""

# A saga that is due already stays due since when it was: what no index has to be told of is written faster.
_CHECK_IN = """
UPDATE checkout_saga s
SET state = %(state)s, step = %(step)s, tries = %(tries)s, last_error = %(error)s,
    failure = coalesce(%(failure)s::jsonb, failure),
    log = log || jsonb_build_array(%(entry)s::jsonb || jsonb_build_object('at', now())),
    updated_at = clock_timestamp(),
    lease_owner = %(next_owner)s,
    lease_until = CASE WHEN %(next_owner)s::uuid IS NULL THEN NULL
                       ELSE now() + make_interval(secs => %(lease)s) END,
    next_attempt_at = CASE %(wait)s::int WHEN 0 THEN least(next_attempt_at, now())
                                         ELSE now() + make_interval(secs => %(wait)s) END
WHERE s.id = %(id)s AND s.lease_owner = %(owner)s AND s.state = %(from_state)s AND s.step = %(from_step)s
RETURNING s.*"""

_CHECKOUT_TOO = f"""
WITH saga AS ({_CHECK_IN}), checkout AS (
    UPDATE checkout_checkout c
    SET status = %(status)s, version = c.version + 1,
        completed_at = %(completed_at)s, order_number = %(order_number)s,
        failure_code = %(failure_code)s, decline_code = %(decline_code)s,
        cart_version = %(cart_version)s, attempt = c.attempt + %(again)s,
        order_id = coalesce(%(new_order)s, c.order_id),
        payment_id = coalesce(%(new_payment)s, c.payment_id)
    FROM saga WHERE c.id = saga.checkout_id
    RETURNING c.*
){_WHOLE.format(checkouts="checkout")}"""

_SAGA_ALONE = f"WITH saga AS ({_CHECK_IN}) SELECT row_to_json(saga)::text FROM saga"

_CLAIM = """
WITH saga AS (
    UPDATE checkout_saga s
    SET lease_owner = %(owner)s, lease_until = now() + make_interval(secs => %(lease)s), updated_at = now()
    WHERE s.id = (
        SELECT id FROM checkout_saga
        WHERE state = ANY(%(open)s) AND coalesce(lease_until, '-infinity') < now() AND {which}
        ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING s.*
){whole}"""


def begin(
    *,
    checkout_id: UUID,
    viewer: Viewer,
    payment_method: str | None,
    version: int | None,
    saga_id: UUID,
    owner: UUID,
    entry: dict[str, Any],
) -> SagaRecord | None:
    """Take an OPEN checkout of the viewer's into a new saga; None unless everything fits."""
    return _saga(
        _BEGIN,
        {
            "id": checkout_id,
            "user": viewer.user_id,
            "guest": viewer.guest_token_hash,
            "method": payment_method,
            "version": version,
            "saga": saga_id,
            "owner": owner,
            "lease": LEASE_SECONDS,
            "entry": json_of(entry),
        },
    )


def check_in(saga: SagaRecord, *, checkout: dict[str, Any] | None, **changes: Any) -> SagaRecord:
    """Write down a step, of the saga alone or of its checkout too. Raises LeaseLost.

    The checkout of a saga that is leased is written by nobody else, so it is not read again.
    """
    parameters = {
        "id": saga.id,
        "owner": saga.lease_owner,
        "from_state": saga.state.value,
        "from_step": saga.step.value,
        "lease": LEASE_SECONDS,
        **changes,
        **(checkout or {}),
    }
    row = _one(_CHECKOUT_TOO if checkout else _SAGA_ALONE, parameters)
    if row is None:
        raise LeaseLost(f"saga {saga.id} is in other hands")
    return _record(row[0], _checkout(row[1]) if checkout else saga.checkout)


def claim_due(owner: UUID) -> SagaRecord | None:
    """Take over the saga that has waited longest for someone to go on with it."""
    sql = _CLAIM.format(which="next_attempt_at <= now()", whole=_AS_IT_STANDS)
    return _saga(sql, {"owner": owner, "lease": LEASE_SECONDS, "open": [s.value for s in OPEN]})


def claim(saga_id: UUID, owner: UUID) -> SagaRecord | None:
    """Take this saga over, if there is something left to do and nobody does it."""
    sql = _CLAIM.format(which="id = %(id)s", whole=_AS_IT_STANDS)
    parameters = {
        "owner": owner,
        "lease": LEASE_SECONDS,
        "open": [s.value for s in OPEN],
        "id": saga_id,
    }
    return _saga(sql, parameters)


def read_saga(saga_id: UUID) -> SagaRecord | None:
    """A saga with its checkout."""
    sql = f"WITH saga AS (SELECT * FROM checkout_saga WHERE id = %(id)s){_AS_IT_STANDS}"
    return _saga(sql, {"id": saga_id})


def read_checkout(checkout_id: UUID) -> CheckoutRecord | None:
    """A checkout."""
    sql = "SELECT row_to_json(c)::text FROM checkout_checkout c WHERE id = %(id)s"
    row = _one(sql, {"id": checkout_id})
    return _checkout(row[0]) if row else None


def sagas(*, state: str | None, checkout_id: UUID | None, order_id: UUID | None) -> QuerySet[Saga]:
    """Sagas, narrowed by what is given, to be paged through."""
    wanted = {"state": state, "checkout_id": checkout_id, "order_id": order_id}
    return Saga.objects.filter(**{name: value for name, value in wanted.items() if value})


def redirect(saga_id: UUID, state: SagaState, entry: dict[str, Any]) -> bool:
    """An operator turns a saga that nobody runs: due now, in that state. False if it was not to be had."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE checkout_saga
               SET state = %s, tries = 0, next_attempt_at = now(), lease_owner = NULL,
                   lease_until = NULL, updated_at = now(), log = log || jsonb_build_array(%s::jsonb || jsonb_build_object('at', now())),
                   failure = CASE WHEN %s = 'COMPENSATING' AND failure = '{}'
                                  THEN '{"code": "operator"}'::jsonb ELSE failure END
               WHERE id = %s AND state IN ('RUNNING', 'COMPENSATING', 'STUCK')
                 AND coalesce(lease_until, '-infinity') < now()""",
            [state.value, json_of(entry), state.value, saga_id],
        )
        return bool(cursor.rowcount)


def expire_open() -> int:
    """Close the checkouts whose promise is over, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE checkout_checkout SET status = 'EXPIRED', version = version + 1
               WHERE status = 'OPEN' AND expires_at <= now()"""
        )
        return int(cursor.rowcount)


def open_sagas_by_state() -> dict[str, int]:
    """How many sagas are on their way, and how many wait for a person."""
    counts: dict[str, int] = {}
    for state in Saga.objects.exclude(
        state__in=[SagaState.COMPLETED, SagaState.COMPENSATED]
    ).values_list("state", flat=True):
        counts[state] = counts.get(state, 0) + 1
    return counts


def json_of(value: Any) -> str:
    """A value as JSON text."""
    return msgspec.json.encode(value).decode()


def _saga(sql: str, parameters: dict[str, Any]) -> SagaRecord | None:
    row = _one(sql, parameters)
    return _record(row[0], _checkout(row[1])) if row else None


def _record(saga: str, checkout: CheckoutRecord) -> SagaRecord:
    row = msgspec.json.decode(saga, type=SagaRow)
    return SagaRecord(**msgspec.structs.asdict(row), checkout=checkout)


def _checkout(found: str) -> CheckoutRecord:
    return msgspec.json.decode(found, type=CheckoutRecord)


def _one(sql: str, parameters: dict[str, Any]) -> Sequence[str] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row: Sequence[str] | None = cursor.fetchone()
        return row
