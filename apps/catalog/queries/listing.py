"""Which products and SKUs a list shows, a page at a time by keyset."""

from uuid import UUID

from django.db.models import Q, QuerySet

from apps.catalog.models import Category, Product, ProductCategory, Sku
from apps.catalog.models.product import DELETED
from apps.catalog.types import ACTIVE, ARCHIVED, PUBLISHED, ProductFilter, SkuFilter
from ecommerce.http.pagination import Page, slice_of

NEWEST = ("-created_at", "id")


def product_ids(
    wanted: ProductFilter, page: Page, *, published_only: bool
) -> tuple[list[UUID], bool]:
    """The ids of a page of products, newest first, and whether there are more."""
    rows = Product.objects.all()
    if published_only:
        rows = rows.filter(status=PUBLISHED)
    rows = rows.filter(status=wanted.status) if wanted.status else rows.exclude(status=ARCHIVED)
    if wanted.category:
        rows = rows.filter(id__in=_in_subtree(wanted.category))
    if wanted.brand:
        rows = rows.filter(brand=wanted.brand)
    if wanted.slug:
        rows = rows.filter(slug=wanted.slug)
    if wanted.updated_since:
        rows = rows.filter(updated_at__gte=wanted.updated_since)
    if wanted.q:
        rows = rows.filter(_matches(wanted.q))
    found, more = slice_of(rows.values("id", "created_at"), order=NEWEST, page=page)
    return [row["id"] for row in found], more


def _in_subtree(category_id: UUID) -> "QuerySet[ProductCategory, UUID]":
    tops = Category.objects.filter(id=category_id).values("tree_path")
    below = ProductCategory.objects.filter(category__tree_path__in_subtree=tops)
    return below.values_list("product_id", flat=True)


def _matches(text: str) -> Q:
    """Each arm has an index of its own: trigrams, the slug's B-tree, the SKU's."""
    skus = Sku.objects.filter(Q(code=text) | Q(barcode=text)).values("product_id")
    return Q(title__icontains=text) | Q(slug=text.lower()) | Q(id__in=skus)


def sku_ids(wanted: SkuFilter, page: Page, *, sellable_only: bool) -> tuple[list[UUID], bool]:
    """The ids of a page of SKUs, newest first, and whether there are more."""
    rows = Sku.objects.exclude(status=DELETED)
    if sellable_only:
        rows = rows.filter(status=ACTIVE, product__status=PUBLISHED)
    if wanted.product_id:
        rows = rows.filter(product_id=wanted.product_id)
    if wanted.code:
        rows = rows.filter(code=wanted.code)
    if wanted.barcode:
        rows = rows.filter(barcode=wanted.barcode)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    found, more = slice_of(rows.values("id", "created_at"), order=NEWEST, page=page)
    return [row["id"] for row in found], more


def sku_id_of(reference: str) -> UUID | None:
    """The SKU that an id or a code names; the deleted are not found by either."""
    named = Q(code=reference)
    if (as_id := _uuid(reference)) is not None:
        named |= Q(id=as_id)
    found = Sku.objects.exclude(status=DELETED).filter(named)
    return found.values_list("id", flat=True).first()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def ids_after(last: UUID | None, *, merchant: str, status: str, limit: int) -> list[UUID]:
    """The next products in the order of their ids, the deleted aside."""
    rows = Product.objects.filter(merchant=merchant)
    rows = rows.filter(status=status) if status else rows.exclude(status=ARCHIVED)
    if last is not None:
        rows = rows.filter(id__gt=last)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])
