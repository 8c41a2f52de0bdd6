"""What an incoming product changes in the catalog: compared field by field, nothing written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.catalog.domain.importing.incoming import (
    Faults,
    Incoming,
    IncomingSku,
    Offer,
    Refused,
)
from apps.catalog.domain.importing.plan_skus import Ground, merged_skus, titled
from apps.catalog.domain.product import product_faults, publishing_faults, sku_faults
from apps.catalog.types import (
    ACTIVE,
    DEPRECATED,
    DRAFT,
    PUBLISHED,
    UNPUBLISHED,
    MediaRef,
    Product,
    ProductFields,
    ProductSku,
    SkuFields,
)
from ecommerce.errors import Fault
from ecommerce.html import safe_html

_PRODUCT = tuple(f.name for f in fields(ProductFields))
_SKU = tuple(f.name for f in fields(SkuFields))
_COMPARED = tuple(f.name for f in fields(ProductSku) if f.name not in ("version", "updated_at"))
STATUSES = (DRAFT, PUBLISHED, UNPUBLISHED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A product as it will be, if it has no faults. Unchanged where ``changes`` is empty."""

    before: Product | None
    after: Product
    changes: tuple[str, ...]
    new_skus: tuple[ProductSku, ...]
    changed_skus: tuple[tuple[ProductSku, tuple[str, ...]], ...]
    offers: tuple[tuple[ProductSku, Offer], ...]


def plan_product(
    incoming: Incoming,
    before: Product | None,
    *,
    category_ids: tuple[UUID, ...] | None,
    slug: str,
    ground: Ground,
) -> tuple[Plan, Faults]:
    """What becomes of the product, and everything for which it cannot become so.

    ``slug`` is the one that a new product gets where the file does not tell one.
    """
    faults = Faults(incoming.row, incoming.last_row, incoming.faults)
    draft = _with_told(before or _blank(slug, ground), incoming, category_ids)
    skus, told = merged_skus(incoming, draft, ground, faults)
    after = replace(draft, skus=titled(skus, draft))
    after = faults.read(after, _with_status, after, before, incoming.status, ground.now)
    plan = _compared(before, after, told, ground)
    if plan.changes:
        _note_faults(plan.after, told, faults)
    return plan, faults


def _compared(
    before: Product | None, after: Product, told: Mapping[UUID, IncomingSku], ground: Ground
) -> Plan:
    """The product in its next version, if anything of it is another than before."""
    changed = _changed(before, after)
    known = {sku.sku_id: sku for sku in before.skus} if before else {}
    new = tuple(sku for sku in after.skus if sku.sku_id not in known)
    touched = tuple(
        (sku, names)
        for sku in after.skus
        if sku.sku_id in known and (names := _sku_changes(known[sku.sku_id], sku))
    )
    if new or touched:
        changed = (*changed, "skus")
    if changed:
        after = _next_version(after, before, {sku.sku_id for sku, _ in touched}, ground.now)
    whole = {sku.sku_id: sku for sku in after.skus}
    return Plan(
        before=before,
        after=after,
        changes=changed,
        new_skus=tuple(whole[sku.sku_id] for sku in new),
        changed_skus=tuple((whole[sku.sku_id], names) for sku, names in touched),
        offers=tuple((whole[id], sku.offer) for id, sku in told.items() if sku.offer.tells),
    )


def _blank(slug: str, ground: Ground) -> Product:
    return Product(
        product_id=ground.new_id(),
        merchant=ground.merchant,
        seller=ground.seller,
        external_id=None,
        slug=slug,
        title="",
        description="",
        brand="",
        product_type="",
        tags=(),
        status=DRAFT,
        category_ids=(),
        attributes={},
        media=(),
        option_names=(),
        seo_title="",
        seo_description="",
        texts=(),
        skus=(),
        version=1,
        created_at=ground.now,
        updated_at=ground.now,
        published_at=None,
    )


def _with_told(
    product: Product, incoming: Incoming, category_ids: tuple[UUID, ...] | None
) -> Product:
    told: dict[str, Any] = dict(incoming.told)
    if told.get("description", product.description) != product.description:
        told["description"] = safe_html(told["description"])
    if "media" in told:
        told["media"] = _known_media(product.media, told["media"])
    if incoming.slug:
        told["slug"] = incoming.slug
    if incoming.external_id:
        told["external_id"] = incoming.external_id
    if category_ids is not None:
        told["category_ids"] = category_ids
    if incoming.option_names is not None:
        told["option_names"] = incoming.option_names
    return replace(product, **told)


def _known_media(known: Sequence[MediaRef], told: Sequence[MediaRef]) -> tuple[MediaRef, ...]:
    """Files tell addresses only: a picture of ours stays ours."""
    ids = {ref.url: ref.media_id for ref in known}
    return tuple(replace(ref, media_id=ids.get(ref.url)) for ref in told)


def _with_status(
    after: Product, before: Product | None, told: str | None, now: datetime
) -> Product:
    if told is None:
        return after
    if told not in STATUSES:
        raise Refused("/status", f"is none of {', '.join(STATUSES)}", "status")
    if told == DRAFT and before is not None and before.status != DRAFT:
        told = UNPUBLISHED
    published_at = now if told == PUBLISHED != after.status else after.published_at
    return replace(after, status=told, published_at=published_at)


def _changed(before: Product | None, after: Product) -> tuple[str, ...]:
    if before is None:
        return ("created",)
    names = (*_PRODUCT, "status")
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def _sku_changes(before: ProductSku, after: ProductSku) -> tuple[str, ...]:
    return tuple(
        name
        for name in _COMPARED
        if name != "title" and getattr(before, name) != getattr(after, name)
    )


def _next_version(
    after: Product, before: Product | None, touched: set[UUID], now: datetime
) -> Product:
    if before is None:
        return after
    skus = tuple(
        replace(sku, version=sku.version + 1, updated_at=now) if sku.sku_id in touched else sku
        for sku in after.skus
    )
    return replace(after, skus=skus, version=after.version + 1, updated_at=now)


def _note_faults(after: Product, told: Mapping[UUID, IncomingSku], faults: Faults) -> None:
    """What is wrong with the product; whether it may be shown only matters where nothing is."""
    faults.add(product_faults(ProductFields(**{name: getattr(after, name) for name in _PRODUCT})))
    for sku in after.skus:
        if sku.sku_id in told:
            faults.add(_faults_of_sku(sku, after.option_names), row=told[sku.sku_id].row)
    faults.add(_faults_among_skus(after))
    if after.status == PUBLISHED and not faults.found:
        faults.add(publishing_faults(after))


def _faults_of_sku(sku: ProductSku, names: Sequence[str]) -> list[Fault]:
    values = {name: getattr(sku, name) for name in _SKU}
    faults = sku_faults(SkuFields(**{**values, "image": sku.image or ""}), names)
    if sku.status not in (ACTIVE, DEPRECATED):
        faults.append(Fault(pointer="/status", detail="is ACTIVE or DEPRECATED", code="status"))
    return faults


def _faults_among_skus(after: Product) -> list[Fault]:
    active = [tuple(sku.options.values()) for sku in after.skus if sku.status == ACTIVE]
    if len(set(active)) < len(active):
        detail = "two active SKUs have the same options"
        return [Fault(pointer="/options", detail=detail, code="duplicate")]
    return []
