"""Reads of the category tree, and the writes that touch a whole subtree at once."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from apps.catalog.types import Category

_COLUMNS = """
    c.id, c.merchant, c.parent_id, c.name, c.slug, c.path, c.tree_path::text, c.position,
    c.description, c.seo_title, c.seo_description, c.names::text, c.external_id, c.version
"""
_ORDER = "ORDER BY nlevel(c.tree_path), c.position, c.path"


def _select(where: str, parameters: Sequence[Any]) -> list[Category]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM catalog_category c WHERE {where} {_ORDER}",
            parameters,
        )
        return [_category(row) for row in cursor.fetchall()]


def _category(row: tuple[Any, ...]) -> Category:
    *ancestors, _ = row[6].split(".")
    return Category(
        category_id=row[0],
        merchant=row[1],
        parent_id=row[2],
        name=row[3],
        slug=row[4],
        path=row[5],
        ancestor_ids=tuple(UUID(hex=label) for label in ancestors),
        position=row[7],
        description=row[8],
        seo_title=row[9],
        seo_description=row[10],
        names=orjson.loads(row[11]),
        external_id=row[12],
        version=row[13],
    )


def categories_by_id(ids: Collection[UUID]) -> dict[UUID, Category]:
    """The categories of these ids; roots first."""
    return {found.category_id: found for found in _select("c.id = ANY(%s)", [list(ids)])}


def tree_of(merchant: str, root_id: UUID | None) -> list[Category]:
    """The whole tree, or the subtree of one category, parents before children, siblings in order."""
    if root_id is None:
        return _select("c.merchant = %s", [merchant])
    below = "c.tree_path <@ (SELECT tree_path FROM catalog_category WHERE id = %s)"
    return _select(f"c.merchant = %s AND {below}", [merchant, root_id])


def with_ancestors(category_id: UUID) -> list[Category]:
    """The category and all above it, the root first."""
    above = "c.tree_path @> (SELECT tree_path FROM catalog_category WHERE id = %s)"
    return _select(above, [category_id])


def lock_tree(merchant: str) -> None:
    """One writer of a merchant's tree at a time: two moves could make a cycle between them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('catalog.category:' || %s, 0))",
            [merchant],
        )


def lock_memberships(category_ids: Collection[UUID]) -> set[UUID]:
    """Those of the ids that are categories, none of which can be deleted before we commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM catalog_category WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE",
            [list(category_ids)],
        )
        return {row[0] for row in cursor.fetchall()}


def move_subtree(category: Category, parent: Category | None, slug: str) -> list[UUID]:
    """Give a category another parent or slug, and all below it their new paths: one statement.

    Returns the ids of all whose path changed.
    """
    path = f"{parent.path}/{slug}" if parent else slug
    above = ".".join(
        ancestor.hex for ancestor in ((*parent.ancestor_ids, parent.category_id) if parent else ())
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE catalog_category c
            SET tree_path = %(above)s::ltree || subpath(c.tree_path, %(depth)s),
                path = %(path)s || substr(c.path, %(length)s + 1),
                parent_id = CASE WHEN c.id = %(id)s THEN %(parent)s::uuid ELSE c.parent_id END,
                slug = CASE WHEN c.id = %(id)s THEN %(slug)s ELSE c.slug END,
                version = c.version + 1
            WHERE c.tree_path <@ (SELECT tree_path FROM catalog_category WHERE id = %(id)s)
            RETURNING c.id
            """,
            {
                "above": above,
                "depth": len(category.ancestor_ids),
                "path": path,
                "length": len(category.path),
                "id": category.category_id,
                "parent": parent.category_id if parent else None,
                "slug": slug,
            },
        )
        return [row[0] for row in cursor.fetchall()]


def place_siblings(ids: Sequence[UUID]) -> list[UUID]:
    """Number these siblings in this order; returns those that got another number."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE catalog_category c SET position = wanted.place - 1, version = c.version + 1
            FROM unnest(%s::uuid[]) WITH ORDINALITY AS wanted(id, place)
            WHERE c.id = wanted.id AND c.position <> wanted.place - 1
            RETURNING c.id
            """,
            [list(ids)],
        )
        return [row[0] for row in cursor.fetchall()]
