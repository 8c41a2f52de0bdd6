"""Opening the sample shop: who it is, where it sells and stores, and how it ships."""

from typing import Any

from apps.accounts import services as accounts
from apps.accounts.types import Channel, Merchant, Seller
from apps.inventory import services as inventory
from apps.shipping import services as shipping
from apps.shipping.types import SaveShippingMethod, WeightBand
from sampleshop import content
from sampleshop.shelves import CURRENCIES


def put_up_the_sign() -> None:
    """The merchant's name, its channel in two currencies and two locales, and its own seller."""
    shop = content.shop()
    channel = shop["channel"]
    accounts.save_merchant(Merchant(**shop["merchant"]))
    accounts.save_channel(
        Channel(
            **{
                **channel,
                "currencies": tuple(channel["currencies"]),
                "locales": tuple(channel["locales"]),
                "is_active": True,
            }
        )
    )
    accounts.save_seller(Seller(**shop["seller"], is_active=True))


def rent_warehouses() -> None:
    """Goods come from the first warehouse that has them all."""
    for one in content.shop()["locations"]:
        inventory.ensure_location(
            code=one["code"], name=one["name"], country=one["country"], priority=one["priority"]
        )


def hire_carriers() -> None:
    """Standard and express, priced by weight, in each currency."""
    for position, one in enumerate(content.shop()["shipping"]):
        for column, currency in enumerate(CURRENCIES, start=1):
            shipping.save_shipping_method(_method(one, position, column, currency))


def _method(one: dict[str, Any], position: int, column: int, currency: str) -> SaveShippingMethod:
    least, most = one["days"]
    return SaveShippingMethod(
        code=one["code"],
        name=one["name"],
        service=one["code"],
        currency=currency,
        min_days=least,
        max_days=most,
        position=position,
        bands=tuple(
            WeightBand(max_weight_grams=prices[0], price_minor=prices[column])
            for prices in one["prices"]
        ),
    )
