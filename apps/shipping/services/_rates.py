"""What sending costs."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from apps.catalog import services as catalog
from apps.shipping import queries
from apps.shipping.domain.parcels import parcel_weight, weight_of
from apps.shipping.domain.rates import options_for
from apps.shipping.errors import MethodInvalid, UnknownSkus
from apps.shipping.models import ShippingBand, ShippingMethod
from apps.shipping.types import RateItem, SaveShippingMethod, ShippingOption
from ecommerce.dimensions import CHANNEL


def shipping_options(
    *, country: str, weight_grams: int, currency: str, channel: str
) -> tuple[ShippingOption, ...]:
    """The ways of sending a parcel of this weight there, by position; none where nobody goes there.

    ``weight_grams`` is of the goods; packaging is added here. Amounts are in minor units, on the same
    side of the tax as the channel's prices. No statement while the methods are remembered (10 s).
    """
    return options_for(
        queries.methods(currency),
        country=country,
        weight_grams=parcel_weight(weight_grams),
        channel=channel,
    )


def goods_weight(lines: Iterable[tuple[int | None, int]]) -> int:
    """The weight in grams of goods, from (weight of one, or None where nobody knows, quantity) pairs."""
    return weight_of(lines)


def quote_rates(
    *, items: Sequence[RateItem], country: str, currency: str, channel: str = CHANNEL
) -> tuple[ShippingOption, ...]:
    """The ways of sending these goods there. Raises UnknownSkus. One statement."""
    skus = catalog.find_skus(ids=[item.sku_id for item in items])
    missing = sorted({str(item.sku_id) for item in items if item.sku_id not in skus})
    if missing:
        raise UnknownSkus("Some of the SKUs do not exist.", sku_ids=missing)
    weight = goods_weight((skus[item.sku_id].weight_grams, item.quantity) for item in items)
    return shipping_options(
        country=country, weight_grams=weight, currency=currency, channel=channel
    )


@transaction.atomic
def save_shipping_method(command: SaveShippingMethod) -> ShippingOption:
    """Create the method, or make the one of this code and currency look like this. Repeatable.

    Raises MethodInvalid without bands, or where two bands have the same weight.
    """
    weights = [band.max_weight_grams for band in command.bands]
    if not weights or len(set(weights)) != len(weights):
        raise MethodInvalid("Give every weight one price, and at least one.")
    method, _ = ShippingMethod.objects.update_or_create(
        merchant=command.merchant,
        code=command.code,
        currency=command.currency,
        defaults={
            "name": command.name,
            "carrier": command.carrier,
            "service": command.service,
            "countries": list(command.countries),
            "channels": list(command.channels),
            "min_days": command.min_days,
            "max_days": command.max_days,
            "position": command.position,
            "active": command.active,
        },
    )
    method.bands.all().delete()
    ShippingBand.objects.bulk_create(
        ShippingBand(
            method=method, max_weight_grams=band.max_weight_grams, price_minor=band.price_minor
        )
        for band in command.bands
    )
    transaction.on_commit(queries.forget_methods)
    return ShippingOption(
        code=method.code,
        name=method.name,
        amount_minor=min(command.bands, key=lambda band: band.max_weight_grams).price_minor,
        currency=method.currency,
        min_days=method.min_days,
        max_days=method.max_days,
        carrier=method.carrier,
        service=method.service,
    )
