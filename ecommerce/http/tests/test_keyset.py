"""Pages that neither skip nor repeat, whatever is inserted meanwhile."""

from typing import Any
from uuid import UUID

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from rest_framework import serializers
from rest_framework.request import Request

from ecommerce.clock import now
from ecommerce.errors import Invalid
from ecommerce.http import Serializer, keyset_page
from ecommerce.http.keyset import BadCursor, cursor_of, read_cursor
from ecommerce.ids import new_id
from ecommerce.jobs.models import Job

ORDERS = [
    ("id",),
    ("-created_at", "id"),
    ("kind", "-done", "id"),
    ("-kind", "done", "-id"),
    ("created_at", "-kind", "done", "id"),
]


class Out(Serializer):
    id = serializers.UUIDField()


def page(url: str, order: tuple[str, ...], **kwargs: Any) -> Any:
    request = Request(RequestFactory().get(url))
    return keyset_page(request, Job.objects.all(), Out, order, **kwargs)


def make(kind: str = "a", done: int = 0) -> UUID:
    return Job.objects.create(kind=kind, done=done, created_at=now()).id


def ids(response: Any) -> list[str]:
    return [row["id"] for row in response.data["results"]]


@pytest.mark.django_db
@pytest.mark.parametrize("order", ORDERS)
def test_there_and_back_shows_every_row_once_in_order(order: tuple[str, ...]) -> None:
    for number in range(11):
        make(kind="abc"[number % 3], done=number % 2)
    everything = [str(id) for id in Job.objects.order_by(*order).values_list("id", flat=True)]

    pages = [page("/?pageSize=3", order)]
    while pages[-1].data["next"]:
        pages.append(page(pages[-1].data["next"], order))
    back = [pages[-1]]
    while back[-1].data["previous"]:
        back.append(page(back[-1].data["previous"], order))

    assert [len(ids(response)) for response in pages] == [3, 3, 3, 2]
    assert [id for response in pages for id in ids(response)] == everything
    assert pages[0].data["previous"] is None
    returned = [id for response in reversed(back[1:]) for id in ids(response)]
    assert returned == everything[:9]
    assert back[-1].data["next"] is not None


@pytest.mark.django_db
def test_a_row_inserted_in_front_shifts_nothing() -> None:
    for _ in range(4):
        make()
    first = page("/?pageSize=2", ("-created_at", "id"))
    expected = list(Job.objects.order_by("-created_at", "id").values_list("id", flat=True))[2:]

    make()

    second = page(first.data["next"], ("-created_at", "id"))
    assert ids(second) == [str(id) for id in expected]
    assert second.data["next"] is None


@pytest.mark.django_db
def test_link_says_the_same_and_filters_are_kept() -> None:
    for _ in range(3):
        make()
    response = page("/things?pageSize=1&state=QUEUED&state=FAILED", ("id",))
    response = page(response.data["next"], ("id",))

    assert response["Link"] == (
        f'<{response.data["next"]}>; rel="next", <{response.data["previous"]}>; rel="prev"'
    )
    assert "pageSize=1&state=QUEUED&state=FAILED&cursor=" in response.data["next"]


@pytest.mark.django_db
def test_a_page_is_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(3):
        make()
    first = page("/?pageSize=1", ("-created_at", "id"))

    with django_assert_num_queries(1):
        page(first.data["next"], ("-created_at", "id"))


@pytest.mark.django_db
def test_no_rows_no_links() -> None:
    response = page("/", ("id",))

    assert response.data == {"results": [], "next": None, "previous": None}
    assert not response.has_header("Link")


@pytest.mark.django_db
def test_the_size_of_a_page_is_bounded() -> None:
    Job.objects.bulk_create(Job(kind="a", created_at=now()) for _ in range(101))

    assert len(ids(page("/", ("id",)))) == 20
    assert len(ids(page("/", ("id",), page_size=5))) == 5
    assert len(ids(page("/?pageSize=100", ("id",)))) == 100
    for wrong in ("0", "-1", "x", "1.5", "٣", "101", "9999999", ""):
        with pytest.raises(Invalid):
            page(f"/?pageSize={wrong}", ("id",))


@pytest.mark.parametrize("cursor", ["x", "é", "AAAA", "====", "a" * 5000, "%00", "W10"])
def test_a_cursor_of_anothers_making_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        page(f"/?cursor={cursor}", ("id",))


def test_a_cursor_is_good_for_its_own_order_only() -> None:
    cursor = cursor_of(Job(id=new_id(), kind="a"), ("kind", "id"), backwards=False)

    with pytest.raises(BadCursor):
        read_cursor(cursor, ("-kind", "id"))


@given(st.text(), st.integers(-(2**63), 2**63 - 1), st.uuids(), st.datetimes(), st.booleans())
def test_a_cursor_brings_back_what_it_was_made_of(
    kind: str, done: int, id: UUID, at: Any, backwards: bool
) -> None:
    order = ("kind", "done", "id", "created_at")
    row = {"kind": kind, "done": done, "id": id, "created_at": at}

    try:
        cursor = cursor_of(row, order, backwards=backwards)
    except TypeError:
        assert any("\ud800" <= letter <= "\udfff" for letter in kind)
        return

    assert read_cursor(cursor, order) == (backwards, (kind, done, id, at))
