"""What an import has to tell."""

from collections.abc import Collection, Iterator
from typing import Any

from apps.catalog.domain.importing.incoming import Offer
from apps.catalog.domain.importing.plan import Plan
from apps.catalog.events import (
    OfferedPrice,
    OffersReceived,
    ProductCreated,
    ProductPublished,
    ProductStateChanged,
    ProductUnpublished,
    ProductUpdated,
    SkuCreated,
    SkuDeprecated,
    SkuUpdated,
)
from apps.catalog.queries.importing import StoredOffer, offers_of
from apps.catalog.services._import_params import ImportParams
from apps.catalog.types import DEPRECATED, PUBLISHED, UNPUBLISHED, ProductSku


def events_of(plan: Plan) -> Iterator[Any]:
    """The facts of a product that changed, the product before its SKUs, its state last."""
    after = plan.after
    product_id = after.product_id
    if plan.before is None:
        yield ProductCreated(product_id=product_id, product=after)
    elif set(plan.changes) - {"status"}:
        yield ProductUpdated(product_id=product_id, product=after, changes=plan.changes)
    for sku in plan.new_skus:
        yield SkuCreated(sku_id=sku.sku_id, product_id=product_id, sku=sku)
    for sku, changes in plan.changed_skus:
        yield SkuUpdated(sku_id=sku.sku_id, product_id=product_id, sku=sku, changes=changes)
        if "status" in changes and sku.status == DEPRECATED:
            yield SkuDeprecated(
                sku_id=sku.sku_id, product_id=product_id, code=sku.code, reason="import"
            )
    yield from _state_events(plan)


def _state_events(plan: Plan) -> Iterator[Any]:
    before, after = plan.before, plan.after
    if before is not None and before.status != after.status:
        yield ProductStateChanged(
            product_id=after.product_id,
            from_status=before.status,
            to_status=after.status,
            version=after.version,
        )
    if after.status == PUBLISHED and (before is None or before.status != PUBLISHED):
        yield ProductPublished(product_id=after.product_id, product=after)
    if before is not None and before.status == PUBLISHED and after.status == UNPUBLISHED:
        yield ProductUnpublished(
            product_id=after.product_id,
            slug=after.slug,
            sku_ids=tuple(sku.sku_id for sku in after.skus),
            reason="import",
            version=after.version,
        )


def offer_news(
    plans: Collection[Plan], params: ImportParams
) -> list[tuple[StoredOffer, OffersReceived]]:
    """Prices and stock that differ from what the last file told."""
    told = [(sku, offer) for plan in plans for sku, offer in plan.offers]
    known = {sku.sku_id for plan in plans if plan.before for sku in plan.before.skus}
    stored = offers_of([sku.sku_id for sku, _ in told if sku.sku_id in known])
    news = []
    for sku, offer in told:
        last = stored.get(sku.sku_id)
        now_known = _known_after(last, sku, offer)
        if now_known != last:
            news.append((now_known, _received(sku, offer, params)))
    return news


def _known_after(last: StoredOffer | None, sku: ProductSku, offer: Offer) -> StoredOffer:
    """What is told now beside what was told before: each currency, and the stock, by itself."""
    if last is None:
        return StoredOffer(sku_id=sku.sku_id, prices=offer.prices, on_hand=offer.on_hand)
    prices = {price.currency: price for price in (*last.prices, *offer.prices)}
    return StoredOffer(
        sku_id=sku.sku_id,
        prices=tuple(prices[currency] for currency in sorted(prices)),
        on_hand=last.on_hand if offer.on_hand is None else offer.on_hand,
    )


def _received(sku: ProductSku, offer: Offer, params: ImportParams) -> OffersReceived:
    return OffersReceived(
        import_id=params.import_id,
        sku_id=sku.sku_id,
        sku_code=sku.code,
        product_id=sku.product_id,
        prices=tuple(
            OfferedPrice(
                currency=price.currency,
                amount_minor=price.amount_minor,
                compare_at_minor=price.compare_at_minor,
            )
            for price in offer.prices
        ),
        on_hand=offer.on_hand,
        channel=params.channel,
        location=params.location,
        seller=sku.seller,
    )
