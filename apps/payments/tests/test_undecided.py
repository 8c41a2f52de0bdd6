"""An answer that decides nothing is not a refusal."""

import pytest

from apps.payments.gateways.calling import Reply
from apps.payments.gateways.sandbox import _answer
from ecommerce.ids import new_id


@pytest.mark.parametrize("status", [408, 409, 425, 429])
def test_not_now_is_asked_after_again(status: int) -> None:
    answer = _answer(Reply("answered", status=status, body={"code": "in_flight"}), new_id())

    assert (answer.outcome, answer.is_final) == ("unknown", False)


@pytest.mark.parametrize("status", [400, 402, 403, 404, 422])
def test_a_refusal_is_final(status: int) -> None:
    answer = _answer(Reply("answered", status=status, body={"code": "no"}), new_id())

    assert (answer.outcome, answer.decline_code, answer.is_final) == ("declined", "no", True)
