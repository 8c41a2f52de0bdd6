"""Puts goods, prices, stock and people into a live shop: ``python -m proving.seed FUNCTION ARGS``."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import django

from ecommerce.database_clock import follow_database


def goods(units: str, *, price_minor: str = "1999", title: str = "Enamel Mug") -> dict[str, str]:
    """A published product with one SKU, priced in EUR, with these units at the main location."""
    from apps.catalog import services as catalog
    from apps.catalog.types import ProductFields, SkuFields
    from apps.inventory import services as inventory
    from apps.pricing import services as pricing
    from apps.pricing.types import PriceRow, SetPrices
    from apps.shipping import services as shipping
    from apps.shipping.types import SaveShippingMethod, WeightBand
    from ecommerce.clock import now
    from ecommerce.identity import SYSTEM
    from ecommerce.ids import new_id

    moment = now()
    sku = SkuFields(code=f"SKU-{new_id().hex[-12:].upper()}", weight_grams=300)
    product = catalog.create_product(ProductFields(title=title), skus=[sku], now=moment)
    catalog.publish_product(product_id=product.product_id, viewer=SYSTEM, now=moment)
    sku_id = product.skus[0].sku_id
    prices = pricing.ensure_price_list(channel="web", currency="EUR", now=moment)
    row = PriceRow(sku_id=sku_id, amount_minor=int(price_minor))
    pricing.set_prices(SetPrices(price_list_id=prices.id, rows=(row,)), now=moment)
    if int(units):
        inventory.receive_stock(sku_id=sku_id, quantity=int(units))
    bands = (WeightBand(max_weight_grams=30_000, price_minor=495),)
    shipping.save_shipping_method(SaveShippingMethod(code="standard", name="Standard", bands=bands))
    return {"productId": str(product.product_id), "skuId": str(sku_id), "code": sku.code}


def staff(role: str, email: str = "", password: str = "correct-horse-battery") -> dict[str, str]:
    """Someone who works there, with a password to log in by."""
    from apps.accounts import services as accounts
    from apps.accounts.types import Register
    from ecommerce.clock import now
    from ecommerce.identity import SYSTEM
    from ecommerce.ids import new_id

    email = email or f"{role}-{new_id().hex[-8:]}@shop.example"
    user = accounts.register(Register(email=email, password=password), now=now())
    accounts.assign_roles(user_id=user.id, roles=(role,), seller=None, viewer=SYSTEM, now=now())
    return {"email": email, "password": password}


def coupon(uses: str, percent: str = "10") -> str:
    """A code that takes a tenth off, or so many percent, so many times in all."""
    from decimal import Decimal

    from apps.pricing import services as pricing
    from apps.pricing.types import PERCENTAGE, CreatePromotion, IssueCoupon
    from ecommerce.clock import now
    from ecommerce.ids import new_id

    name = f"TENTH-{new_id().hex[-12:].upper()}"
    tenth = CreatePromotion(
        code=name,
        name="A tenth off",
        effect=PERCENTAGE,
        needs_coupon=True,
        percent=Decimal(percent),
    )
    promotion = pricing.create_promotion(tenth, now=now())
    issue = IssueCoupon(code=name, promotion_id=promotion.id, usage_limit=int(uses))
    return pricing.issue_coupon(issue, now=now()).code


def refunded_in_parts(payments: str) -> dict[str, int]:
    """Take money and give all of it back, in parts of any size; more than is left must be refused."""
    from random import Random

    random = Random(0)  # the same parts each time: what is found can be found again
    done = {"payments": int(payments), "refunds": 0, "refused": 0, "wrong": 0}
    for number in range(int(payments)):
        currency = ("EUR", "JPY", "KWD")[number % 3]
        for outcome in _given_back(random.randint(3, 1_000_000), currency, random):
            done[outcome] += 1
    return done


def _given_back(whole: int, currency: str, random: Any) -> Iterator[str]:
    """What became of each part: given, refused, or wrong because it was the other."""
    left = whole
    payment_id = _paid(whole, currency)
    while left:
        part = random.choice((random.randint(1, whole), left, left + 1))
        given = _refunded(payment_id, part, currency)
        yield "wrong" if given != (part <= left) else "refunds" if given else "refused"
        left -= part if given else 0


def _paid(amount_minor: int, currency: str) -> UUID:
    from apps.payments import services as payments
    from apps.payments.types import OpenPayment
    from ecommerce.clock import now
    from ecommerce.ids import new_id
    from ecommerce.money import Money

    amount = Money(amount_minor, currency)
    command = OpenPayment(
        payment_id=new_id(), order_id=new_id(), amount=amount, method="cash", provider="offline"
    )
    payments.authorize(command, now=now())
    payments.capture(payment_id=command.payment_id, now=now())
    return command.payment_id


def _refunded(payment_id: UUID, amount_minor: int, currency: str) -> bool:
    from apps.payments import services as payments
    from apps.payments.errors import NotRefundable
    from ecommerce.clock import now
    from ecommerce.ids import new_id
    from ecommerce.money import Money

    amount = Money(amount_minor, currency)
    try:
        payments.refund(
            payment_id=payment_id, refund_id=new_id(), amount=amount, reason="a part", now=now()
        )
    except NotRefundable:
        return False
    return True


def repriced(sku_id: str, price_minor: str, seconds: str) -> None:
    """Another price for the SKU, from so many seconds ahead on."""
    from apps.pricing import services as pricing
    from apps.pricing.types import PriceRow, SetPrices
    from ecommerce.clock import now

    begin = now() + timedelta(seconds=float(seconds))
    prices = pricing.ensure_price_list(channel="web", currency="EUR", now=now())
    row = PriceRow(sku_id=UUID(sku_id), amount_minor=int(price_minor))
    pricing.set_prices(SetPrices(price_list_id=prices.id, rows=(row,)), now=begin)


def held(sku_id: str) -> str:
    """Stock held, as long as stock is held, for an order that nobody will pay; the order's id."""
    from apps.inventory import services
    from apps.inventory.types import ReserveStock, StockLine
    from ecommerce.ids import new_id

    order = new_id()
    line = StockLine(sku_id=UUID(sku_id), quantity=1)
    services.reserve_stock(ReserveStock(order_id=order, lines=(line,)))
    return str(order)


def told(topics: str, rounds: str, poison: str = "0", pause_seconds: str = "0") -> int:
    """Publish a note on each topic, so many times, and some that the tally breaks on; how many in all."""
    from time import sleep

    from django.db import transaction

    from ecommerce.events import publish_many
    from ecommerce.ids import new_id
    from proving.tally import NoteWritten

    bad = [NoteWritten(topic=str(new_id()), poison=True) for _ in range(int(poison))]
    for number in range(int(rounds)):
        notes = [NoteWritten(topic=f"topic-{topic}") for topic in range(int(topics))]
        with transaction.atomic():
            publish_many([*bad[number :: int(rounds)], *notes])
        sleep(float(pause_seconds))
    return int(topics) * int(rounds) + len(bad)


def redriven(consumer: str) -> int:
    """What an operator does when the bug is mended: have every dead letter tried again."""
    from ecommerce.clock import now
    from ecommerce.events.dead_letters import list_dead_letters, redrive

    letters = list_dead_letters(consumer=consumer, status="open", limit=100_000)
    for letter in letters:
        redrive(letter.id, now=now())
    return len(letters)


def swept() -> int:
    """What the sweeper does once: stock that nobody paid for in time is given back."""
    from apps.inventory import services

    return services.expire_reservations()


def resumed() -> int:
    """What a worker does for purchases that the gateway answered late, or whose driver died."""
    from apps.checkout import services
    from ecommerce.clock import now

    return services.resume_sagas(now=now())


def settled() -> dict[str, bool]:
    """What workers do: carry on purchases and payments, deliver reversals, drain events."""
    from apps.checkout import services as checkout
    from apps.payments import services as payments
    from ecommerce.clock import now
    from ecommerce.events.draining import drain

    taken_up = checkout.resume_sagas(now=now())
    given_back = payments.deliver_reversals(now=now())
    done = drain(seconds=30)
    return {"quiet": done.finished and not (taken_up or given_back or done.handled)}


TOLD: tuple[Callable[..., Any], ...] = (
    goods,
    coupon,
    staff,
    repriced,
    held,
    told,
    redriven,
    swept,
    refunded_in_parts,
    resumed,
    settled,
)


def main() -> None:
    """Run the function that is named, or with ``--serve`` those that stdin names, a JSON line each."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    django.setup()
    follow_database()
    functions = {function.__name__: function for function in TOLD}
    asked = (
        (json.loads(line) for line in sys.stdin) if sys.argv[1:] == ["--serve"] else [sys.argv[1:]]
    )
    for name, *arguments in asked:
        sys.stdout.write(json.dumps(functions[name](*arguments)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
