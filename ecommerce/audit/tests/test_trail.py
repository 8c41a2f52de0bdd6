"""What is written down, and who may read it."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from ecommerce import context
from ecommerce.audit import record
from ecommerce.audit.models import Entry
from ecommerce.audit.sealing import seal_entries
from ecommerce.clock import now
from ecommerce.events.errors import EventError
from ecommerce.identity import Viewer
from ecommerce.ids import new_id
from ecommerce.testing import JsonClient

pytestmark = pytest.mark.django_db
OPERATOR = Viewer(user_id=new_id(), roles=frozenset({"operator"}))


@pytest.fixture
def operator(api: JsonClient) -> JsonClient:
    api.force_authenticate(user=OPERATOR)
    return api


def write(entity_id: str, *, entity_type: str = "product", action: str = "a.b.changed") -> None:
    record(action=action, entity_type=entity_type, entity_id=entity_id, actor=OPERATOR)


def ids(response: Any) -> list[str]:
    return [one["entityId"] for one in response.json()["results"]]


def test_recording_is_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1), context.bind(correlation_id="c-1"):
        record(
            action="catalog.product.published",
            entity_type="product",
            entity_id="P-1",
            actor=OPERATOR,
            changes={"state": ["draft", "published"]},
        )

    entry = Entry.objects.get()
    assert (entry.actor_id, entry.actor_roles) == (OPERATOR.user_id, ["operator"])
    assert entry.changes == {"state": ["draft", "published"]}
    assert entry.correlation_id == "c-1"


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "a@b.c"},
        {"firstName": "Ada"},
        {"before": {"phone": "1"}},
        {"lines": [{"postalCode": "1"}]},
    ],
)
def test_personal_data_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(EventError):
        record(action="a.b.c", entity_type="user", entity_id="1", changes=changes)

    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("viewer", "status"),
    [
        (Viewer(), 401),
        (Viewer(user_id=new_id(), roles=frozenset({"customer"})), 403),
        (Viewer(user_id=new_id(), roles=frozenset({"merchandiser"})), 403),
        (OPERATOR, 200),
        (Viewer(user_id=new_id(), roles=frozenset({"admin"})), 200),
    ],
)
def test_only_the_back_office_reads_it(api: JsonClient, viewer: Viewer, status: int) -> None:
    api.force_authenticate(user=viewer)

    assert api.get("/api/v1/audit").status_code == status
    assert api.post("/api/v1/audit/query", {}).status_code == status


def test_the_trail_of_one_thing_is_newest_first(operator: JsonClient) -> None:
    for entity_id in ("P-1", "P-2", "P-1"):
        write(entity_id)
    write("P-1", entity_type="sku", action="a.b.deleted")

    assert ids(operator.get("/api/v1/audit?entityId=P-1")) == ["P-1"] * 3
    assert ids(operator.get("/api/v1/audit?entityId=P-1&entityType=product")) == ["P-1"] * 2
    assert ids(operator.get("/api/v1/audit?action=a.b.deleted")) == ["P-1"]
    assert len(ids(operator.get(f"/api/v1/audit?actorId={OPERATOR.user_id}"))) == 4
    assert ids(operator.get(f"/api/v1/audit?actorId={new_id()}")) == []


def test_the_trail_is_read_between_two_moments(operator: JsonClient) -> None:
    write("before")
    middle = Entry.objects.get().occurred_at.isoformat().replace("+00:00", "Z")
    write("after")

    assert ids(operator.get(f"/api/v1/audit?from={middle}")) == ["after", "before"]
    assert ids(operator.get(f"/api/v1/audit?to={middle}")) == []
    assert ids(operator.post("/api/v1/audit/query", {"from": middle})) == ["after", "before"]
    wrong = operator.get("/api/v1/audit?from=yesterday")
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "?from"


def test_pages_follow_each_other_without_gap_or_repeat(
    operator: JsonClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        write(str(number))

    seen, url = [], "/api/v1/audit?pageSize=2"
    while url:
        with django_assert_num_queries(1):
            page = operator.get(url)
        seen += ids(page)
        url = page.json()["next"]

    assert seen == ["4", "3", "2", "1", "0"]


def test_a_query_asks_for_many_at_once(operator: JsonClient) -> None:
    for entity_id in ("P-1", "P-2", "P-3"):
        write(entity_id)

    asked = {"entityTypes": ["product"], "entityIds": ["P-1", "P-3"]}
    first = operator.post("/api/v1/audit/query?pageSize=1", asked)

    assert ids(first) == ["P-3"]
    assert ids(operator.post(first.json()["next"], asked)) == ["P-1"]


def test_the_admin_shows_it_and_changes_nothing(client: Client, django_user_model: Any) -> None:
    write("P-1")
    seal_entries(now=now())
    client.force_login(django_user_model.objects.create_superuser("boss@example.com", "x"))

    for path in ("entry/", f"entry/{Entry.objects.get().id}/change/", "seal/", "seal/1/change/"):
        assert client.get(f"/admin/audit/{path}").status_code == 200, path
    assert client.post(f"/admin/audit/entry/{Entry.objects.get().id}/change/").status_code == 403
    assert client.get("/admin/audit/entry/add/").status_code == 403
