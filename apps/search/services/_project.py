"""Keeping the read model: what a batch of events changed goes in as a few set-based statements."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.html import strip_tags

from apps.search.domain.facets import facet_values
from apps.search.domain.texts import localized_titles
from apps.search.queries import counting, projecting
from apps.search.types import StorefrontChanges
from ecommerce.http.wire import to_json
from ecommerce.locales import OWN_PLACE

PUBLISHED = "PUBLISHED"
INDEXED_CHARACTERS = 20_000
_BODY = (
    "productId", "slug", "title", "description", "brand", "productType", "tags", "attributes",
    "media", "optionNames", "seoTitle", "seoDescription", "texts", "seller", "version",
)  # fmt: skip
_CARD = ("productId", "slug", "brand", "productType", "tags", "seller")
_SKU = (
    "skuId", "code", "title", "options", "barcode", "weightGrams", "lengthMm", "widthMm",
    "heightMm", "seller", "image",
)  # fmt: skip


@transaction.atomic
def apply_changes(changes: StorefrontChanges, *, now: datetime) -> None:
    """Bring the storefront up to date with what others told; repeating it changes nothing."""
    projecting.lock_writers()
    touched = _keep_offers(changes, now=now)
    if changes.stock:
        projecting.upsert_stock(
            [{"sku_id": sku, "available": count} for sku, count in changes.stock.items()]
        )
    relisted = set(changes.products) | changes.removed_products
    if touched:
        relisted |= projecting.products_of(touched)
    relisted |= counting.products_moved_by(changes)
    with counting.recounted(relisted):
        _keep_categories(changes)
        _keep_products(changes)
        if relisted:
            projecting.refresh_listings(relisted, now=now)
    _refresh_stock(relisted, changes.stock.keys())


def _refresh_stock(relisted: set[UUID], stocked: Collection[UUID]) -> None:
    restocked = set(relisted)
    if stocked:
        restocked |= projecting.products_of(stocked)
    if restocked:
        projecting.refresh_in_stock(restocked)


@transaction.atomic
def turn_prices(*, now: datetime, limit: int = 5_000) -> int:
    """List anew the products whose price began or ended by itself; how many there were."""
    projecting.lock_writers()
    due = projecting.take_due_products(now=now, limit=limit)
    if due:
        with counting.recounted(due):
            projecting.refresh_listings(due, now=now)
    return len(due)


def _keep_categories(changes: StorefrontChanges) -> None:
    if changes.categories:
        projecting.upsert_categories(
            [
                {
                    "category_id": one["categoryId"],
                    "parent_id": one["parentId"],
                    "name": one["name"],
                    "names": one["names"],
                    "slug": one["slug"],
                    "path": one["path"],
                    "ancestor_ids": one["ancestorIds"],
                    "position": one["position"],
                }
                for one in changes.categories.values()
            ]
        )
    if changes.removed_categories:
        projecting.delete_categories(changes.removed_categories)


def _keep_products(changes: StorefrontChanges) -> None:
    hidden = {key for key, one in changes.products.items() if one["status"] != PUBLISHED}
    hidden |= changes.removed_products
    if hidden:
        projecting.delete_documents(hidden)
    shown = [one for key, one in changes.products.items() if key not in hidden]
    if shown:
        projecting.upsert_documents([_document(one) for one in shown])
    skus = [_sku_row(sku) for one in changes.products.values() for sku in one["skus"]]
    if skus:
        projecting.upsert_skus(skus)


def _keep_offers(changes: StorefrontChanges, *, now: datetime) -> set[UUID]:
    """Returns the SKUs whose offers changed."""
    touched = {offer.sku_id for offer in changes.offers.values()}
    if changes.offers:
        projecting.upsert_offers([asdict(one) for one in changes.offers.values()], now=now)
    if changes.ended_offers:
        touched |= projecting.end_offers(changes.ended_offers, now=now)
    return touched


def _sku_row(sku: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "sku_id": sku["skuId"],
        "product_id": sku["productId"],
        "active": sku["status"] == "ACTIVE",
    }


def _document(product: Mapping[str, Any]) -> dict[str, Any]:
    active = [sku for sku in product["skus"] if sku["status"] == "ACTIVE"]
    body = {name: product[name] for name in _BODY}
    body["skus"] = [{name: sku[name] for name in _SKU} for sku in active]
    titles, prose = _searchable(product, active)
    localized = localized_titles(product["texts"])
    return {
        "product_id": product["productId"],
        "merchant": product["merchant"],
        "slug": product["slug"],
        "title": product["title"],
        "localized_titles": localized,
        "all_titles": "\n".join(dict.fromkeys((product["title"], *localized.values()))),
        "brand": product["brand"],
        "body": body,
        "card": _card(body),
        "category_ids": product["categoryIds"],
        "facet_values": facet_values(product),
        "titles": titles,
        "prose": prose,
        "published_at": product["publishedAt"],
        "version": product["version"],
    }


def _card(body: Mapping[str, Any]) -> str:
    shown = {name: body[name] for name in _CARD}
    shown["image"] = body["media"][0] if body["media"] else None
    return to_json(shown).decode().removesuffix("}")


def _searchable(
    product: Mapping[str, Any], skus: list[Mapping[str, Any]]
) -> tuple[dict[str, str], dict[str, str]]:
    """Titles and prose by text search configuration; names and codes are never stemmed."""
    exact = [product["title"], product["brand"], *(sku["code"] for sku in skus)]
    exact += [sku["barcode"] for sku in skus if sku["barcode"]]
    titles = {"english": [product["title"]], "simple": exact}
    prose = {"english": [product["description"], *product["tags"]]}
    for text in product["texts"]:
        name = projecting.CONFIGURATIONS.get(text["locale"].split("-")[0], "simple")
        if (text["locale"], text["channel"]) != OWN_PLACE:
            titles.setdefault(name, []).append(text["title"])
        prose.setdefault(name, []).extend([text["description"], *text["bullets"]])
    return _joined(titles), _joined(prose)


def _joined(parts: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: strip_tags(" ".join(texts))[:INDEXED_CHARACTERS] for name, texts in parts.items()}
