"""A repeated command is answered, not redone."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from ecommerce.http import idempotency_store as store
from ecommerce.http.models import IdempotencyKey
from ecommerce.http.sealing import AnswerLost, seal, unseal
from ecommerce.http.tasks import sweep_idempotency_keys
from ecommerce.http.tests.sending import PATH, count, send
from ecommerce.identity import Viewer
from ecommerce.ids import new_id

pytestmark = [
    pytest.mark.urls("ecommerce.http.tests.doors"),
    pytest.mark.django_db,
    pytest.mark.usefixtures("effects"),
]
METHODS = pytest.mark.parametrize("method", ["post", "put"])


@METHODS
def test_a_repeat_is_answered_with_the_first_response(method: str) -> None:
    first = send({"note": "a"}, key='"k-1"', method=method)
    again = send({"note": "a"}, key="k-1", method=method)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again["Location"] == first["Location"]
    assert again["Content-Type"] == "application/json"
    assert again["Idempotency-Replayed"] == "true"
    assert not first.has_header("Idempotency-Replayed")
    assert count() == 1


@METHODS
def test_the_same_key_with_another_body_is_refused(method: str) -> None:
    send({"note": "a"}, key="k", method=method)

    answer = send({"note": "b"}, key="k", method=method)

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency/key-reused")
    assert count() == 1


def test_the_order_of_members_makes_no_other_body() -> None:
    send({"note": "a", "sleep": 0}, key="k")

    assert send({"sleep": 0, "note": "a"}, key="k").status_code == 201
    assert count() == 1


def test_the_same_key_on_another_object_is_refused() -> None:
    send({"note": "a"}, key="k", path=f"{PATH}/one")

    assert send({"note": "a"}, key="k", path=f"{PATH}/two").status_code == 422


@METHODS
def test_nobody_is_answered_with_what_another_was(method: str) -> None:
    one, two = (Viewer(user_id=new_id()) for _ in range(2))
    answers = [
        send({"note": "a"}, key="k", method=method, viewer=one),
        send({"note": "a"}, key="k", method=method, viewer=two),
        send({"note": "a"}, key="k", method=method),
        send({"note": "a"}, key="k", method=method, headers={"Guest-Token": "t1"}),
        send({"note": "a"}, key="k", method=method, headers={"Guest-Token": "t2"}),
    ]

    assert [answer.json()["number"] for answer in answers] == [1, 2, 3, 4, 5]


def test_the_key_of_the_body_means_the_same() -> None:
    first = send({"note": "a", "idempotencyKey": "k"})
    again = send({"note": "a"}, key="k")

    assert first.content == again.content
    assert count() == 1
    assert send({"note": "a", "idempotencyKey": "x"}, key="k").status_code == 422


@pytest.mark.parametrize("key", ["", '""', "a b", "x" * 256, "é"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    assert send({"note": "a"}, key=key).status_code == 422
    assert count() == 0


def test_a_door_may_insist_on_a_key() -> None:
    assert send(method="patch").json()["code"] == "idempotency/key-missing"
    assert send(method="patch", key="k").status_code == 201


@METHODS
def test_a_refusal_leaves_nothing_behind_and_may_be_tried_again(method: str) -> None:
    body = {"note": "a", "refuse": method == "post"}
    refused = send({**body, "refuse": True}, key="k", method=method)

    assert refused.status_code == 409
    assert count() == (0 if method == "post" else 1)
    assert IdempotencyKey.objects.count() == 0


@METHODS
def test_a_crash_keeps_no_answer(method: str) -> None:
    assert send({"note": "a", "crash": True}, key="k", method=method).status_code == 500
    assert IdempotencyKey.objects.count() == 0


def test_a_lease_whose_holder_died_runs_out() -> None:
    body = {"note": "a"}
    send(body, key="k", method="put")
    IdempotencyKey.objects.update(
        status=None, owner=new_id(), lease_until="2020-01-01T00:00:00Z", body=b""
    )

    assert send({"note": "b"}, key="k", method="put").status_code == 422
    assert send(body, key="k", method="put").status_code == 201
    assert count() == 2


def test_a_live_lease_keeps_others_out() -> None:
    send({"note": "a"}, key="k", method="put")
    IdempotencyKey.objects.update(
        status=None, owner=new_id(), lease_until="2999-01-01T00:00:00Z", body=b""
    )

    assert send({"note": "a"}, key="k", method="put").status_code == 409


@METHODS
def test_a_key_is_free_again_after_its_time(method: str) -> None:
    send({"note": "a"}, key="k", method=method)
    IdempotencyKey.objects.update(expires_at="2020-01-01T00:00:00Z")

    assert send({"note": "b"}, key="k", method=method).status_code == 201
    assert send({"note": "b"}, key="k", method=method).has_header("Idempotency-Replayed")
    assert count() == 2


def test_old_keys_are_swept() -> None:
    send({"note": "a"}, key="old")
    IdempotencyKey.objects.update(expires_at="2020-01-01T00:00:00Z")
    send({"note": "a"}, key="new")

    sweep_idempotency_keys()

    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["new"]


@METHODS
def test_a_key_costs_two_statements_and_none_costs_none(
    method: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    frame = 2 if method == "post" else 0  # BEGIN, COMMIT
    with django_assert_num_queries(1 + frame):
        send({"note": "a"}, method=method)
    with django_assert_num_queries(1 + 2 + frame):
        send({"note": "a"}, method=method, key="k")
    with django_assert_num_queries(1 + frame):
        send({"note": "a"}, method=method, key="k")


def test_a_row_recorded_between_look_and_insert_undoes_the_second(monkeypatch: Any) -> None:
    send({"note": "a"}, key="k")
    blind = iter([(True, None)])
    claim = store.claim
    monkeypatch.setattr(store, "claim", lambda command: next(blind, None) or claim(command))

    again = send({"note": "a"}, key="k")

    assert again["Idempotency-Replayed"] == "true"
    assert count() == 1


def test_a_stored_answer_cannot_be_read_in_the_table() -> None:
    first = send({"note": "a"}, key="k")
    row = IdempotencyKey.objects.get()

    assert first.content not in bytes(row.body)
    assert b"number" not in bytes(row.body)


def test_an_answer_of_a_lost_key_is_not_repeated_nor_the_command_redone(settings: Any) -> None:
    send({"note": "a"}, key="k")
    command = IdempotencyKey.objects.get()
    settings.SECRET_KEY = "another-secret-key-0123456789abcdefghijklmnop"
    assert send({"note": "a"}, key="k").status_code == 422

    with pytest.raises(AnswerLost):
        unseal(bytes(command.body), of=bytes(command.id))
    assert count() == 1


def test_an_answer_belongs_to_its_own_command() -> None:
    sealed = seal(b"secret", of=b"one")

    assert unseal(sealed, of=b"one") == b"secret"
    with pytest.raises(AnswerLost):
        unseal(sealed, of=b"two")


def test_an_answer_outlives_the_change_of_keys_while_the_old_one_is_known(settings: Any) -> None:
    first = send({"note": "a"}, key="k")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-key-0123456789abcdefghijklmnop"

    again = send({"note": "a"}, key="k")

    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    assert count() == 1
