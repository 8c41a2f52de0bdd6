"""Reading the category tree."""

from collections import defaultdict
from uuid import UUID

from apps.catalog.errors import CategoryNotFound
from apps.catalog.models import Category as Row
from apps.catalog.queries.category import categories_by_id, tree_of, with_ancestors
from apps.catalog.types import Category, CategoryDetail, CategoryNode, Crumb
from ecommerce.dimensions import MERCHANT
from ecommerce.http.pagination import Page, slice_of
from ecommerce.locales import fallbacks


def get_category(*, category_id: UUID, locale: str = "") -> CategoryDetail:
    """A category with its breadcrumbs, named for the locale where it has a name in it.

    One statement. Raises CategoryNotFound.
    """
    chain = with_ancestors(category_id)
    if not chain:
        raise CategoryNotFound
    return CategoryDetail(
        category=chain[-1],
        breadcrumbs=tuple(
            Crumb(
                category_id=step.category_id,
                name=name_of(step, locale),
                slug=step.slug,
                path=step.path,
            )
            for step in chain
        ),
    )


def list_categories(
    *, parent_id: UUID | None, path: str, page: Page, merchant: str = MERCHANT
) -> tuple[list[Category], bool]:
    """A page of categories by path, and whether there are more; all, or the children of one."""
    rows = Row.objects.filter(merchant=merchant)
    if parent_id is not None:
        rows = rows.filter(parent_id=parent_id)
    if path:
        rows = rows.filter(path=path)
    found, more = slice_of(rows.values("id", "path"), order=("path", "id"), page=page)
    categories = categories_by_id([row["id"] for row in found])
    return [categories[row["id"]] for row in found if row["id"] in categories], more


def category_tree(
    *, root_id: UUID | None = None, merchant: str = MERCHANT
) -> tuple[CategoryNode, ...]:
    """The merchant's whole tree, or one category with all below it; siblings in their order.

    One statement. Raises CategoryNotFound for an unknown root.
    """
    categories = tree_of(merchant, root_id)
    if root_id is not None and not categories:
        raise CategoryNotFound
    below: dict[UUID | None, list[Category]] = defaultdict(list)
    for category in categories:
        below[category.parent_id].append(category)

    def node(category: Category) -> CategoryNode:
        children = tuple(node(child) for child in below[category.category_id])
        return CategoryNode(category=category, children=children)

    return tuple(node(top) for top in (categories[:1] if root_id else below[None]))


def name_of(category: Category, locale: str) -> str:
    """Its name in the locale, or in a wider one (``de`` for ``de-AT``), or as it is."""
    return next(
        (category.names[tag] for tag in fallbacks(locale) if tag in category.names), category.name
    )
