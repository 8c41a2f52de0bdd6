"""Whatever the gateway says in whatever order, however often: the amounts and the books hold."""

from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.payments import services
from apps.payments.errors import NotRefundable
from apps.payments.queries import asking
from apps.payments.tests.factories import amounts, balances, payment_of
from apps.payments.types import GatewayAnswer, Operation
from ecommerce import clock
from ecommerce.ids import new_id

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["capture", "refund"]),
        st.integers(1, 1200),
        st.sampled_from(["succeeded", "declined", "unknown", "unreachable"]),
        st.integers(1, 3),
    ),
    max_size=12,
)


def answer_of(attempt_id: UUID, outcome: str, amount: int) -> GatewayAnswer:
    return GatewayAnswer(
        outcome=outcome,  # type: ignore[arg-type]  # one of the four
        attempt_id=attempt_id,
        amount_minor=amount,
        reference=f"op_{attempt_id}",
    )


def move(payment_id: UUID, operation: Operation, amount: int, outcome: str, times: int) -> int:
    """Ask for a part and take in the answer, more than once; says how much moved."""
    attempt_id = new_id()
    now = clock.now()
    if operation == "refund":
        try:
            with transaction.atomic():
                services.request_refund(
                    payment_id=payment_id, refund_id=attempt_id, amount_minor=amount, reason=""
                )
        except NotRefundable:
            return 0
    elif not asking.start("capture", payment_id=payment_id, attempt_id=attempt_id, amount=amount):
        return 0
    answer = answer_of(attempt_id, outcome, amount)
    for _ in range(times):
        if operation == "refund":
            services.record_refund(refund_id=attempt_id, answer=answer, now=now)
        else:
            services.record_capture(payment_id=payment_id, answer=answer, now=now)
    return amount if outcome == "succeeded" else 0


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_refunds_stay_within_captures_and_captures_within_the_authorization(
    steps: list[tuple[Operation, int, str, int]],
) -> None:
    with transaction.atomic():
        command = payment_of(1000)
        payment_id = command.payment_id
        services.open_payment(command)
        services.record_authorization(
            payment_id=payment_id,
            answer=answer_of(payment_id, "succeeded", 1000),
            now=clock.now(),
        )
        moved = {"capture": 0, "refund": 0}
        for operation, amount, outcome, times in steps:
            moved[operation] += move(payment_id, operation, amount, outcome, times)
            authorized, captured, refunded, capturing, refunding = amounts(payment_id)
            assert (captured, refunded) == (moved["capture"], moved["refund"])
            assert authorized == 1000
            assert captured + capturing <= authorized
            assert refunded + refunding <= captured
        assert services.audit_ledger().clean
        kept = balances().get("psp_receivable.sandbox", 0)
        assert kept == moved["capture"] - moved["refund"]
        transaction.set_rollback(True)
