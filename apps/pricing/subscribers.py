"""What pricing makes of others' events."""

from collections.abc import Sequence

from apps.catalog.events import OffersReceived
from apps.pricing import services
from apps.pricing.types import PriceRow, SetPrices
from ecommerce import clock
from ecommerce.events import Envelope, consumer


@consumer("pricing.imported_offers", OffersReceived)
def set_imported_prices(events: Sequence[Envelope]) -> None:
    """Prices of an imported file become those of the channel's default list. A repeat changes nothing."""
    now = clock.now()
    rows: dict[tuple[str, str], dict[str, PriceRow]] = {}
    for event in events:
        offer = event.read(OffersReceived)
        for price in offer.prices:
            of_list = rows.setdefault((offer.channel, price.currency), {})
            of_list[str(offer.sku_id)] = PriceRow(
                sku_id=offer.sku_id,
                amount_minor=price.amount_minor,
                compare_at_minor=price.compare_at_minor,
            )
    for (channel, currency), of_list in sorted(rows.items()):
        prices = services.ensure_price_list(channel=channel, currency=currency, now=now)
        services.set_prices(
            SetPrices(
                price_list_id=prices.id,
                rows=tuple(of_list.values()),
                reason="import",
                skus_known=True,
            ),
            now=now,
        )
