"""The category tree stays a tree."""

from contextlib import suppress
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.catalog import services
from apps.catalog.errors import (
    CategoryChanged,
    CategoryCycle,
    CategoryInUse,
    CategoryInvalid,
    CategoryNameTaken,
    SlugTaken,
)
from apps.catalog.models import Category as Row
from apps.catalog.tests.factories import NOW, a_product
from apps.catalog.types import Category, CategoryFields
from ecommerce.events.testing import published
from ecommerce.identity import SYSTEM
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


def grow(name: str, under: Category | None = None, **fields: object) -> Category:
    return services.create_category(
        CategoryFields(name=name, **fields),  # type: ignore[arg-type]
        parent_id=under.category_id if under else None,
        now=NOW,
    )


def move(what: Category, under: Category | None, position: int | None = None) -> Category:
    return services.move_category(
        category_id=what.category_id,
        parent_id=under.category_id if under else None,
        position=position,
        expected_version=None,
        now=NOW,
    )


def told() -> list[tuple[str, str]]:
    return [
        (event.event_type.split(".")[3], event.payload.get("category", event.payload)["path"])
        for event in published()
        if ".category." in event.event_type
    ]


def test_slugs_are_unique_among_siblings_and_make_the_path() -> None:
    home = grow("Home & Garden")
    kitchen = grow("Kitchen", home)

    assert (home.path, kitchen.path) == ("home-garden", "home-garden/kitchen")
    assert kitchen.ancestor_ids == (home.category_id,)
    assert grow("Kitchen!", home).slug == "kitchen-2"
    assert grow("Kitchen").path == "kitchen"
    with pytest.raises(SlugTaken):
        grow("Cooking", home, slug="kitchen")
    with pytest.raises(CategoryNameTaken):
        grow("Kitchen", home)


def test_a_move_takes_the_subtree_along_and_tells_of_each_path() -> None:
    home, office = grow("Home"), grow("Office")
    desk = grow("Desk", home)
    lamp = grow("Lamp", desk)
    before = len(published())

    moved = move(desk, office)

    assert (moved.path, moved.parent_id, moved.position) == ("office/desk", office.category_id, 0)
    assert services.get_category(category_id=lamp.category_id).category.path == "office/desk/lamp"
    assert told()[before:] == [("reordered", "office/desk"), ("updated", "office/desk/lamp")]


def test_a_category_cannot_go_under_itself_or_what_is_below_it() -> None:
    home = grow("Home")
    desk = grow("Desk", home)

    for place in (home, desk):
        with pytest.raises(CategoryCycle):
            move(home, place)

    assert services.get_category(category_id=home.category_id).category == home


def test_siblings_are_reordered_and_the_same_place_is_no_news() -> None:
    a, b, c = grow("A"), grow("B"), grow("C")

    move(c, None, 0)
    before = len(published())
    move(c, None, 0)

    assert [node.category.name for node in services.category_tree()] == ["C", "A", "B"]
    assert len(published()) == before
    assert {a.parent_id, b.parent_id} == {None}


def test_a_rename_of_the_slug_renames_the_paths_below() -> None:
    home = grow("Home")
    lamp = grow("Lamp", grow("Desk", home))

    services.update_category(
        category_id=home.category_id,
        changes={"name": "Living", "slug": "living"},
        expected_version=home.version,
        now=NOW,
    )

    detail = services.get_category(category_id=lamp.category_id)
    assert detail.category.path == "living/desk/lamp"
    assert [crumb.name for crumb in detail.breadcrumbs] == ["Living", "Desk", "Lamp"]


def test_a_stale_change_and_a_wrong_locale_are_refused() -> None:
    home = grow("Home")

    with pytest.raises(CategoryChanged):
        services.update_category(
            category_id=home.category_id, changes={"name": "X"}, expected_version=9, now=NOW
        )
    with pytest.raises(CategoryInvalid):
        grow("Haus", names={"german": "Haus", "de_DE": "Haus"})
    assert grow("Haus", names={"de-DE": "Haus"}).names == {"de-DE": "Haus"}


def test_only_an_empty_category_is_deleted() -> None:
    home = grow("Home")
    desk = grow("Desk", home)
    a_product(category_ids=(desk.category_id,))

    for category in (home, desk):
        with pytest.raises(CategoryInUse):
            services.delete_category(
                category_id=category.category_id, viewer=SYSTEM, expected_version=None
            )
    empty = grow("Empty")
    services.delete_category(category_id=empty.category_id, viewer=SYSTEM, expected_version=1)

    assert told()[-1] == ("deleted", "empty")


@pytest.mark.parametrize(
    "breach",
    [
        "UPDATE catalog_category SET path = 'elsewhere' WHERE id = %(child)s",
        "UPDATE catalog_category SET parent_id = %(child)s WHERE id = %(root)s",
        "UPDATE catalog_category SET slug = 'other' WHERE id = %(root)s",
        "UPDATE catalog_category SET parent_id = NULL WHERE id = %(child)s",
    ],
)
def test_the_database_refuses_a_tree_that_is_none(breach: str) -> None:
    root = grow("Root")
    child = grow("Child", root)

    with pytest.raises(IntegrityError):
        commit(breach, root=root.category_id, child=child.category_id)


def commit(statement: str, **parameters: UUID) -> None:
    """As far as what the database checks at the end of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


MOVES = st.lists(
    st.tuples(st.integers(0, 7), st.one_of(st.none(), st.integers(0, 7)), st.integers(0, 4)),
    max_size=12,
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=MOVES)
def test_whatever_is_moved_where_it_stays_a_tree(
    moves: list[tuple[int, int | None, int]],
) -> None:
    stem = new_id().hex
    nodes: list[Category] = []
    for number in range(8):
        nodes.append(grow(f"{stem} {number}", nodes[(number - 1) // 2] if number else None))
    for what, under, position in moves:
        with suppress(CategoryCycle, SlugTaken):
            move(nodes[what], None if under is None else nodes[under], position)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    rows = {row.id: row for row in Row.objects.filter(id__in=[n.category_id for n in nodes])}
    for row in rows.values():
        assert row.id not in chain_above(row, rows)
    assert reachable(rows) == set(rows)


def chain_above(row: Row, rows: dict[UUID, Row]) -> list[UUID]:
    chain: list[UUID] = []
    while row.parent_id is not None:
        assert row.parent_id not in chain
        chain.append(row.parent_id)
        row = rows[row.parent_id]
    return chain


def reachable(rows: dict[UUID, Row]) -> set[UUID]:
    def walk(nodes: tuple) -> set[UUID]:  # type: ignore[type-arg]
        return {n.category.category_id for n in nodes} | {
            id for n in nodes for id in walk(n.children)
        }

    return walk(services.category_tree()) & set(rows)
