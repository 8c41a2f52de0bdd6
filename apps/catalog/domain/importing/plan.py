"""What an incoming product changes in the catalog: compared field by field, nothing written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from apps.catalog.domain.importing.incoming import (
    Faults,
    Incoming,
    IncomingSku,
    Offer,
    Refused,
)
from apps.catalog.domain.importing.plan_skus import Family, Ground, merged_skus
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
)
from ecommerce.errors import Fault
from ecommerce.html import safe_html

_PRODUCT = tuple(f.name for f in fields(ProductFields))
_MEMBERS = tuple(f.name for f in fields(Product))
_family_of = itemgetter(*Family._fields)
_COMPARED = tuple(f.name for f in fields(ProductSku) if f.name not in ("version", "updated_at"))
STATUSES = (DRAFT, PUBLISHED, UNPUBLISHED)
_UNTOLD: Mapping[str, Any] = {
    "external_id": None,
    "title": "",
    "description": "",
    "brand": "",
    "product_type": "",
    "tags": (),
    "status": DRAFT,
    "category_ids": (),
    "media": (),
    "option_names": (),
    "seo_title": "",
    "seo_description": "",
    "texts": (),
    "skus": (),
    "version": 1,
    "published_at": None,
}


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
    values = _values(before) if before else _blank(slug, ground)
    values |= _told(incoming, values, category_ids)
    family = Family._make(_family_of(values))
    values["skus"], told = merged_skus(incoming, family, ground, faults)
    status = faults.read(values["status"], _status, incoming.status, before)
    if status == PUBLISHED != values["status"]:
        values["published_at"] = ground.now
    values["status"] = status
    after = Product(**values)
    plan = _compared(before, after, told, ground)
    if plan.changes:
        _note_faults(plan.after, told, faults)
    return plan, faults


def _compared(
    before: Product | None, after: Product, told: Mapping[UUID, IncomingSku], ground: Ground
) -> Plan:
    """The product in its next version, if anything of it is another than before."""
    if before is None:
        return _plan(None, after, ("created",), after.skus, (), told)
    changed = _changed(before, after)
    known = {sku.sku_id: sku for sku in before.skus}
    new = {sku.sku_id for sku in after.skus} - known.keys()
    touched = {
        sku.sku_id: names
        for sku in after.skus
        if sku.sku_id in known and (names := _sku_changes(known[sku.sku_id], sku))
    }
    if new or touched:
        changed = (*changed, "skus")
    if changed:
        after = _next_version(after, touched, ground.now)
    new_skus = tuple(sku for sku in after.skus if sku.sku_id in new)
    changed_skus = tuple((sku, touched[sku.sku_id]) for sku in after.skus if sku.sku_id in touched)
    return _plan(before, after, changed, new_skus, changed_skus, told)


def _plan(
    before: Product | None,
    after: Product,
    changes: tuple[str, ...],
    new_skus: tuple[ProductSku, ...],
    changed_skus: tuple[tuple[ProductSku, tuple[str, ...]], ...],
    told: Mapping[UUID, IncomingSku],
) -> Plan:
    whole = {sku.sku_id: sku for sku in after.skus}
    return Plan(
        before=before,
        after=after,
        changes=changes,
        new_skus=new_skus,
        changed_skus=changed_skus,
        offers=tuple((whole[id], sku.offer) for id, sku in told.items() if sku.offer.tells),
    )


def _blank(slug: str, ground: Ground) -> dict[str, Any]:
    """A product that nothing is told of."""
    return {
        "product_id": ground.new_id(),
        "merchant": ground.merchant,
        "seller": ground.seller,
        "slug": slug,
        "attributes": {},
        "created_at": ground.now,
        "updated_at": ground.now,
        **_UNTOLD,
    }


def _values(product: Product) -> dict[str, Any]:
    return {name: getattr(product, name) for name in _MEMBERS}


def _told(
    incoming: Incoming, known: Mapping[str, Any], category_ids: tuple[UUID, ...] | None
) -> dict[str, Any]:
    """The members that the file speaks of, as the catalog keeps them."""
    told: dict[str, Any] = dict(incoming.told)
    if told.get("description", known["description"]) != known["description"]:
        told["description"] = safe_html(told["description"])
    if "media" in told:
        told["media"] = _known_media(known["media"], told["media"])
    if incoming.slug:
        told["slug"] = incoming.slug
    if incoming.external_id:
        told["external_id"] = incoming.external_id
    if category_ids is not None:
        told["category_ids"] = category_ids
    if incoming.option_names is not None:
        told["option_names"] = incoming.option_names
    return told


def _known_media(known: Sequence[MediaRef], told: Sequence[MediaRef]) -> tuple[MediaRef, ...]:
    """Files tell addresses only: a picture of ours stays ours."""
    ids = {ref.url: ref.media_id for ref in known}
    return tuple(replace(ref, media_id=ids.get(ref.url)) for ref in told)


def _status(told: str | None, before: Product | None) -> str:
    """The status that the file means: what shoppers have seen does not become a draft again."""
    if told is None:
        return before.status if before else DRAFT
    if told not in STATUSES:
        raise Refused("/status", f"is none of {', '.join(STATUSES)}", "status")
    return UNPUBLISHED if told == DRAFT and before and before.status != DRAFT else told


def _changed(before: Product, after: Product) -> tuple[str, ...]:
    names = (*_PRODUCT, "status")
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def _sku_changes(before: ProductSku, after: ProductSku) -> tuple[str, ...]:
    return tuple(
        name
        for name in _COMPARED
        if name != "title" and getattr(before, name) != getattr(after, name)
    )


def _next_version(after: Product, touched: Collection[UUID], now: datetime) -> Product:
    skus = tuple(
        replace(sku, version=sku.version + 1, updated_at=now) if sku.sku_id in touched else sku
        for sku in after.skus
    )
    return replace(after, skus=skus, version=after.version + 1, updated_at=now)


def _note_faults(after: Product, told: Mapping[UUID, IncomingSku], faults: Faults) -> None:
    """What is wrong with the product; whether it may be shown only matters where nothing is."""
    faults.add(product_faults(after))
    for sku in after.skus:
        if sku.sku_id in told:
            faults.add(_faults_of_sku(sku, after.option_names), row=told[sku.sku_id].row)
    if len(after.skus) > 1:
        faults.add(_faults_among_skus(after))
    if after.status == PUBLISHED and not faults.found:
        faults.add(publishing_faults(after))


def _faults_of_sku(sku: ProductSku, names: Sequence[str]) -> list[Fault]:
    faults = sku_faults(sku, names)
    if sku.status not in (ACTIVE, DEPRECATED):
        faults.append(Fault(pointer="/status", detail="is ACTIVE or DEPRECATED", code="status"))
    return faults


def _faults_among_skus(after: Product) -> list[Fault]:
    active = [tuple(sku.options.values()) for sku in after.skus if sku.status == ACTIVE]
    if len(set(active)) < len(active):
        detail = "two active SKUs have the same options"
        return [Fault(pointer="/options", detail=detail, code="duplicate")]
    return []
