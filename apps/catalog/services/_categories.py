"""The category tree: grow it, rename, move, reorder, prune."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.catalog import models
from apps.catalog.domain.category import category_faults, tidied_category
from apps.catalog.domain.slug import free_slug, slug_of
from apps.catalog.errors import (
    CategoryChanged,
    CategoryCycle,
    CategoryInUse,
    CategoryInvalid,
    CategoryNotFound,
)
from apps.catalog.events import (
    CategoryCreated,
    CategoryDeleted,
    CategoryReordered,
    CategoryUpdated,
)
from apps.catalog.queries.category import (
    categories_by_id,
    lock_tree,
    move_subtree,
    place_siblings,
)
from apps.catalog.services._constraints import named_refusals
from apps.catalog.types import Category, CategoryFields
from ecommerce.audit import record
from ecommerce.dimensions import MERCHANT
from ecommerce.errors import Fault
from ecommerce.events import publish, publish_many
from ecommerce.identity import Viewer
from ecommerce.ids import new_id

_NAMES = tuple(field.name for field in fields(CategoryFields))


@transaction.atomic
def create_category(
    category: CategoryFields,
    *,
    parent_id: UUID | None,
    now: datetime,
    merchant: str = MERCHANT,
    category_id: UUID | None = None,
) -> Category:
    """Add a category as the last child of its parent (None: as a root).

    An empty slug is made from the name, with a number behind it where a sibling has it. Raises
    CategoryInvalid, CategoryNotFound (the parent), SlugTaken, ExternalIdTaken, CategoryTooDeep.
    """
    category = tidied_category(category)
    _refuse(category)
    lock_tree(merchant)
    parent = _parent(parent_id)
    siblings = _siblings(merchant, parent_id)
    stem = slug_of(category.name) or "category"
    slug = category.slug or free_slug(stem, {slug for _, slug in siblings})
    row = models.Category(
        id=category_id or new_id(),
        merchant=merchant,
        parent_id=parent_id,
        position=len(siblings),
        created_at=now,
        updated_at=now,
    )
    _apply(row, replace(category, slug=slug))
    row.path = f"{parent.path}/{slug}" if parent else slug
    row.tree_path = _tree_path(parent, row.id)
    with named_refusals():
        row.save(force_insert=True)
    created = _whole(row.id)
    publish(CategoryCreated(merchant=merchant, category_id=row.id, category=created))
    return created


@transaction.atomic
def update_category(
    *,
    category_id: UUID,
    changes: Mapping[str, Any],
    expected_version: int | None,
    now: datetime,
) -> Category:
    """Set the given fields of CategoryFields. Another slug changes the paths of all below.

    Nothing changed means no event. Raises CategoryNotFound, CategoryChanged, CategoryInvalid, SlugTaken.
    """
    before = _locked(category_id, expected_version)
    present = CategoryFields(**{name: getattr(before, name) for name in _NAMES})
    wanted = tidied_category(replace(present, **changes))
    wanted = replace(wanted, slug=wanted.slug or before.slug)
    if wanted == present:
        return before
    _refuse(wanted)
    row = models.Category.objects.get(id=category_id)
    below: Iterable[UUID] = ()
    with named_refusals():
        if wanted.slug != before.slug:
            parent = _whole(before.parent_id) if before.parent_id else None
            below = move_subtree(before, parent, wanted.slug)
            row.refresh_from_db()
        else:
            row.version += 1
        _apply(row, wanted)
        row.updated_at = now
        row.save()
    return _announce(category_id, below)


@transaction.atomic
def move_category(
    *,
    category_id: UUID,
    parent_id: UUID | None,
    position: int | None = None,
    expected_version: int | None,
    now: datetime,
) -> Category:
    """Put it under a parent (None: at the root) at a place among the children (None: last).

    The same place again is no change and no event. Raises CategoryCycle for a place under itself,
    CategoryNotFound, CategoryChanged, SlugTaken (a child there has its slug), CategoryTooDeep.
    """
    before = _locked(category_id, expected_version)
    parent = _parent(parent_id)
    if parent and category_id in (*parent.ancestor_ids, parent.category_id):
        raise CategoryCycle
    touched: set[UUID] = set()
    if parent_id != before.parent_id:
        with named_refusals():
            touched.update(move_subtree(before, parent, before.slug))
    order = [id for id, _ in _siblings(before.merchant, parent_id) if id != category_id]
    order.insert(len(order) if position is None else position, category_id)
    touched.update(place_siblings(order))
    if not touched:
        return before
    models.Category.objects.filter(id=category_id).update(updated_at=now)
    return _announce_move(before, touched)


@transaction.atomic
def delete_category(*, category_id: UUID, viewer: Viewer, expected_version: int | None) -> None:
    """Take an empty category out of the tree. Raises CategoryInUse, CategoryNotFound, CategoryChanged."""
    category = _locked(category_id, expected_version)
    row = models.Category.objects.select_for_update().get(id=category_id)
    if row.children.exists() or row.memberships.exists():
        raise CategoryInUse
    row.delete()
    publish(
        CategoryDeleted(merchant=category.merchant, category_id=category_id, path=category.path)
    )
    record(
        action="catalog.category.deleted",
        entity_type="category",
        entity_id=category_id,
        actor=viewer,
        changes={"path": category.path},
    )


def _announce(category_id: UUID, below: Iterable[UUID]) -> Category:
    affected = categories_by_id({category_id, *below})
    publish_many([_updated(category) for category in affected.values()])
    return affected[category_id]


def _announce_move(before: Category, touched: set[UUID]) -> Category:
    affected = categories_by_id({before.category_id, *touched})
    moved = affected.pop(before.category_id)
    reordered = CategoryReordered(
        merchant=moved.merchant,
        category_id=moved.category_id,
        category=moved,
        from_parent_id=before.parent_id,
        from_position=before.position,
    )
    publish_many([reordered, *(_updated(category) for category in affected.values())])
    return moved


def _updated(category: Category) -> CategoryUpdated:
    return CategoryUpdated(
        merchant=category.merchant, category_id=category.category_id, category=category
    )


def _locked(category_id: UUID, expected_version: int | None) -> Category:
    merchant = _whole(category_id).merchant
    lock_tree(merchant)
    category = _whole(category_id)
    if expected_version is not None and category.version != expected_version:
        raise CategoryChanged(f"It is at version {category.version} now.", version=category.version)
    return category


def _whole(category_id: UUID) -> Category:
    found = categories_by_id([category_id]).get(category_id)
    if found is None:
        raise CategoryNotFound
    return found


def _parent(parent_id: UUID | None) -> Category | None:
    if parent_id is None:
        return None
    found = categories_by_id([parent_id]).get(parent_id)
    if found is None:
        fault = Fault(pointer="/parentId", detail="is no category", code=CategoryNotFound.code)
        raise CategoryInvalid(faults=[fault])
    return found


def _siblings(merchant: str, parent_id: UUID | None) -> list[tuple[UUID, str]]:
    rows = models.Category.objects.filter(merchant=merchant, parent_id=parent_id)
    return list(rows.order_by("position", "path").values_list("id", "slug"))


def _tree_path(parent: Category | None, category_id: UUID) -> str:
    above = (*parent.ancestor_ids, parent.category_id) if parent else ()
    return ".".join(id.hex for id in (*above, category_id))


def _apply(row: models.Category, wanted: CategoryFields) -> None:
    for name in _NAMES:
        setattr(row, name, getattr(wanted, name))


def _refuse(category: CategoryFields) -> None:
    faults = category_faults(category)
    if faults:
        raise CategoryInvalid(faults=faults)
