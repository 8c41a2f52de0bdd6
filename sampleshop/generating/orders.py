"""What a past order of a seed looks like. Its buyers have ids but no accounts."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from apps.orders.types import Address, LoadedOrder, LoadedStep, PlaceOrder, PlaceOrderLine
from ecommerce.dimensions import SELLER
from sampleshop.generating import words
from sampleshop.generating.dice import EPOCH, Dice, id_of
from sampleshop.generating.products import Offer, offers_of, product_id, thing_of

FIRST_DAY = EPOCH + timedelta(days=30)
DAYS = 365
BUYERS = 50_000
MOST_LINES = 8
SHIPPING_MINOR = 490
RATE = Decimal(19)
_KEPT = (
    ("CONFIRMED", "payment authorized", timedelta(minutes=1)),
    ("PAID", "payment captured", timedelta(minutes=2)),
    ("FULFILLED", "everything shipped", timedelta(days=1)),
    ("COMPLETED", "everything delivered", timedelta(days=3)),
)
_DROPPED = (("CANCELED", "declined", timedelta(minutes=1)),)


def order_id(seed: int, number: int) -> UUID:
    return id_of(seed, "order", number)


def order_of(seed: int, number: int, *, products: int) -> LoadedOrder:
    """The order of that number, of some of the first ``products`` products."""
    dice = Dice(seed, "order", number)
    at = FIRST_DAY + timedelta(days=dice.below(DAYS), seconds=dice.below(86_400))
    way = _DROPPED if dice.below(20) == 0 else _KEPT
    return LoadedOrder(
        number=f"G{seed}-{number}",
        placed=_placed(seed, number, dice, products=products, at=at),
        steps=tuple(LoadedStep(status=s, reason=why, at=at + after) for s, why, after in way),
    )


def _placed(seed: int, number: int, dice: Dice, *, products: int, at: datetime) -> PlaceOrder:
    currency = "USD" if dice.below(5) == 0 else "EUR"
    wanted = dict.fromkeys(dice.below(products) for _ in range(1 + dice.below(4)))
    lines = tuple(
        _line(seed, number * MOST_LINES + place, product, dice, currency)
        for place, product in enumerate(wanted)
    )
    goods, shipping_tax = sum(line.total_minor for line in lines), tax_within(SHIPPING_MINOR)
    buyer = dice.below(BUYERS)
    address = _address(seed, buyer)
    return PlaceOrder(
        order_id=order_id(seed, number),
        checkout_id=id_of(seed, "checkout", number),
        quote_id=id_of(seed, "quote", number),
        payment_id=id_of(seed, "payment", number),
        customer_id=id_of(seed, "buyer", buyer),
        guest_token_hash=None,
        email=f"buyer-{seed}-{buyer}@shop.example",
        currency=currency,
        lines=lines,
        subtotal_minor=goods,
        discount_minor=0,
        shipping_minor=SHIPPING_MINOR,
        shipping_tax_minor=shipping_tax,
        tax_minor=sum(line.tax_minor for line in lines) + shipping_tax,
        total_minor=goods + SHIPPING_MINOR,
        prices_include_tax=True,
        shipping_address=address,
        billing_address=address,
        shipping_method="standard",
        placed_at=at,
    )


def _line(seed: int, number: int, product: int, dice: Dice, currency: str) -> PlaceOrderLine:
    offer: Offer = dice.pick(offers_of(seed, product))
    quantity = 1 + dice.below(5) // 3
    unit = offer.euro_minor if currency == "EUR" else offer.dollar_minor
    return PlaceOrderLine(
        line_id=id_of(seed, "line", number),
        sku_id=offer.sku_id,
        sku_code=offer.code,
        product_id=product_id(seed, product),
        title=thing_of(seed, product)[1].noun,
        seller=SELLER,
        quantity=quantity,
        unit_price_minor=unit,
        subtotal_minor=unit * quantity,
        discount_minor=0,
        tax_minor=tax_within(unit * quantity),
        tax_rate=RATE,
        total_minor=unit * quantity,
    )


def tax_within(gross_minor: int) -> int:
    """The tax in a gross amount, rounded half up."""
    rate = int(RATE)
    return (2 * gross_minor * rate + 100 + rate) // (2 * (100 + rate))


def _address(seed: int, buyer: int) -> Address:
    dice = Dice(seed, "buyer", buyer)
    city, postal_code, country = dice.pick(words.CITIES)
    return Address(
        name=f"{dice.pick(words.FIRST_NAMES)} {dice.pick(words.LAST_NAMES)}",
        line1=f"Example Street {1 + dice.below(200)}",
        city=city,
        postal_code=postal_code,
        country=country,
    )
