"""Orders over HTTP: who sees what, and in how many statements."""

from datetime import timedelta
from typing import Any

import pytest

from apps.inventory import services as inventory
from apps.orders import services
from apps.orders.tests.factories import (
    NOW,
    customer,
    line_of,
    operator,
    paid,
    placed,
    stocked_and_paid,
)
from ecommerce.http.views import hash_guest_token
from ecommerce.identity import SELLER, Viewer
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


def test_the_owner_reads_the_order(api: Any, django_assert_num_queries: Any) -> None:
    ada = customer()
    order = placed(line_of("MUG", quantity=2), viewer=ada)
    api.force_authenticate(user=ada)

    with django_assert_num_queries(1):
        response = api.get(f"/api/v1/orders/{order.id}")

    body = response.json()
    assert response.status_code == 200
    assert response["ETag"] == '"1"'
    assert body["number"] == order.number
    assert body["total"] == {"amount": 2490, "currency": "EUR"}
    assert body["lines"][0]["skuCode"] == "MUG"
    assert body["lines"][0]["taxRate"] == "20"
    assert body["shippingAddress"]["postalCode"] == "W1U 4EG"
    assert body["cancelable"] is True


def test_an_unchanged_order_is_not_sent_again(api: Any) -> None:
    ada = customer()
    order = placed(viewer=ada)
    api.force_authenticate(user=ada)

    response = api.get(f"/api/v1/orders/{order.id}", headers={"If-None-Match": '"1"'})

    assert response.status_code == 304


@pytest.mark.parametrize("path", ["", "/status"])
def test_strangers_are_told_that_there_is_no_such_order(api: Any, path: str) -> None:
    order = placed()
    answers = []
    for stranger in (Viewer(), customer(), Viewer(guest_token_hash="b" * 64)):
        api.force_authenticate(user=stranger)
        answers.append(api.get(f"/api/v1/orders/{order.id}{path}"))
    answers.append(api.get(f"/api/v1/orders/{new_id()}{path}"))

    assert {a.status_code for a in answers} == {404}
    assert {a.json()["code"] for a in answers} == {"orders/not-found"}


def test_a_guest_reads_and_cancels_with_the_token(api: Any) -> None:
    order = placed(viewer=Viewer(guest_token_hash=hash_guest_token("secret")))
    headers = {"Guest-Token": "secret"}

    assert api.get(f"/api/v1/orders/{order.id}", headers=headers).status_code == 200
    response = api.post(f"/api/v1/orders/{order.id}/cancel", {"reason": "oops"}, headers=headers)

    assert response.status_code == 200
    assert response.json()["status"] == "CANCELED"
    assert response.json()["statusReason"] == "oops"


def test_a_list_has_ones_own_orders_newest_first_in_one_statement(
    api: Any, django_assert_num_queries: Any
) -> None:
    ada = customer()
    mine = [
        placed(line_of(quantity=n), viewer=ada, placed_at=NOW + timedelta(minutes=n))
        for n in (1, 2, 3)
    ]
    placed(viewer=customer())
    api.force_authenticate(user=ada)

    with django_assert_num_queries(1):
        page = api.get("/api/v1/orders?pageSize=2").json()
    rest = api.get(page["next"]).json()

    assert [o["id"] for o in page["results"] + rest["results"]] == [str(o.id) for o in mine[::-1]]
    assert [o["itemCount"] for o in page["results"]] == [3, 2]
    assert rest["next"] is None


def test_a_guest_list_has_only_the_orders_of_the_token(api: Any) -> None:
    placed(viewer=Viewer(guest_token_hash=hash_guest_token("secret")))
    placed()

    assert len(api.get("/api/v1/orders", headers={"Guest-Token": "secret"}).json()["results"]) == 1
    assert api.get("/api/v1/orders").json()["results"] == []


def test_the_back_office_sees_all_and_filters(api: Any) -> None:
    paid()
    placed()
    api.force_authenticate(user=operator())

    assert len(api.get("/api/v1/orders").json()["results"]) == 2
    assert [o["status"] for o in api.get("/api/v1/orders?status=PAID").json()["results"]] == [
        "PAID"
    ]
    assert api.get("/api/v1/orders?status=LOST").status_code == 422


def test_the_orders_of_a_customer_are_theirs_and_the_back_offices(api: Any) -> None:
    ada = customer()
    placed(viewer=ada)
    path = f"/api/v1/customers/{ada.user_id}/orders"

    assert api.get(path).status_code == 401
    for viewer, status, found in ((ada, 200, 1), (operator(), 200, 1), (customer(), 404, None)):
        api.force_authenticate(user=viewer)
        answer = api.get(path)
        assert answer.status_code == status
        assert found is None or len(answer.json()["results"]) == found


def test_history_names_its_actor_to_the_back_office_only(api: Any) -> None:
    ada = customer()
    order = paid(viewer=ada)
    api.force_authenticate(user=ada)
    mine = api.get(f"/api/v1/orders/{order.id}/status").json()
    api.force_authenticate(user=operator())
    theirs = api.get(f"/api/v1/orders/{order.id}/status").json()

    assert [step["status"] for step in mine["history"]] == ["PENDING", "CONFIRMED", "PAID"]
    assert {step["actor"] for step in mine["history"]} == {""}
    assert [step["actor"] for step in theirs["history"]] == [str(ada.user_id), "system", "system"]


def test_an_operator_sets_what_is_set_by_hand_and_nothing_else(api: Any) -> None:
    order = paid()
    services.mark_fulfilled(order_id=order.id, now=NOW)
    path = f"/api/v1/orders/{order.id}/status"
    step = {"status": "COMPLETED", "reason": "the customer called"}

    assert api.patch(path, step).status_code == 401
    api.force_authenticate(user=customer())
    assert api.patch(path, step).status_code == 403
    api.force_authenticate(user=operator())
    assert api.patch(path, step, headers={"If-Match": '"1"'}).status_code == 412
    assert api.patch(path, {"status": "PAID", "reason": "x"}).status_code == 422
    assert api.patch(path, {"status": "CANCELED", "reason": "x"}).status_code == 409
    response = api.patch(path, step, headers={"If-Match": '"4"'})
    assert (response.status_code, response.json()["status"]) == (200, "COMPLETED")


@pytest.mark.parametrize(
    ("status", "instead"),
    [("FULFILLED", "/ship"), ("PAID", "capture"), ("CONFIRMED", "authorization"), ("PENDING", "placed")],
)  # fmt: skip
def test_what_follows_from_another_rooms_work_is_not_set_by_hand(
    api: Any, status: str, instead: str
) -> None:
    order, sku_id = stocked_and_paid(2, stock=5)
    api.force_authenticate(user=operator())

    refused = api.patch(f"/api/v1/orders/{order.id}/status", {"status": status, "reason": "x"})

    assert (refused.status_code, refused.json()["code"]) == (422, "orders/status-not-settable")
    assert instead in refused.json()["detail"]
    assert refused.json()["settable"] == ["COMPLETED", "CANCELED"]
    assert services.get_order(order_id=order.id, viewer=operator()).status == "PAID"
    assert inventory.availability(sku_ids=[sku_id])[sku_id].allocated == 2


def test_too_late_to_cancel_is_a_conflict_with_its_reason(api: Any) -> None:
    ada = customer()
    order = paid(viewer=ada)
    services.begin_fulfilment(order_id=order.id, now=NOW)
    api.force_authenticate(user=ada)

    response = api.post(f"/api/v1/orders/{order.id}/cancel", {})

    assert response.status_code == 409
    assert response.json()["code"] == "orders/not-cancelable"
    assert response.json()["reasons"][0]["why"] == "the warehouse is at work on the order"


def test_a_repeated_cancellation_with_its_key_is_replayed(api: Any) -> None:
    ada = customer()
    order = placed(viewer=ada)
    api.force_authenticate(user=ada)
    headers = {"Idempotency-Key": "cancel-1"}

    first = api.post(f"/api/v1/orders/{order.id}/cancel", {}, headers=headers)
    second = api.post(f"/api/v1/orders/{order.id}/cancel", {}, headers=headers)

    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"


def test_a_seller_sees_only_own_lines_and_no_buyer(
    api: Any, django_assert_num_queries: Any
) -> None:
    paid(line_of("MUG", unit=1200, seller="acme"), line_of("TEA", unit=500, seller="house"))
    paid(line_of("CUP", seller="house"))
    placed(line_of("POT", seller="acme"))
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({SELLER}), seller="acme"))

    with django_assert_num_queries(2):
        (order,) = api.get("/api/v1/seller/orders").json()["results"]

    assert [line["skuCode"] for line in order["lines"]] == ["MUG"]
    assert order["total"] == {"amount": 1200, "currency": "EUR"}
    assert "Ada" not in str(order)
    assert "email" not in order
