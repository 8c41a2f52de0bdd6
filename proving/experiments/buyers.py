"""Many buyers at once, of too little."""

from collections import Counter
from dataclasses import replace

from ecommerce.ids import new_id
from proving.buyer import Buyer, all_at_once, at_the_till
from proving.experiment import Report, experiment
from proving.lab import Lab
from proving.shop import LiveShop

BUYERS, UNITS, SERVERS = 64, 10, 2
PRESSES = 32


def without(lab: Lab, guard: str, *constraints: str) -> list[str]:
    """Web servers with a guard off, and the constraints behind it dropped; their addresses."""
    first = len(lab.shop.urls)
    for constraint in constraints:
        table, name = constraint.split(".")
        lab.shop.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        lab.shop.execute(f"DROP INDEX IF EXISTS {name}")
    lab.shop.start_web(SERVERS, DJANGO_SETTINGS_MODULE="proving.unguarded", SHOP_WITHOUT=guard)
    return lab.shop.urls[first:]


def moved(buyers: list[Buyer], urls: list[str]) -> list[Buyer]:
    """The same buyers, spread over these web servers."""
    return [replace(one, url=urls[number % len(urls)]) for number, one in enumerate(buyers)]


def _few_units(lab: Lab, report: Report, rounds: int, urls: list[str]) -> None:
    orders, refused, broken = 0, 0, 0
    for _ in report.rounds(rounds):
        goods = lab.shop.seed("goods", str(UNITS))
        buyers = moved(at_the_till(lab.shop.urls, goods["skuId"], count=BUYERS), urls)
        codes = Counter(answer.status_code for answer in all_at_once(buyers))
        orders += codes[200] + codes[202]
        refused += codes[409]
        broken += sum(times for code, times in codes.items() if code >= 500)
    report.note(rounds=rounds, orders=orders, refusals=refused, broken=broken)
    report.expect("orders", orders, UNITS * rounds)
    report.expect("clean refusals", refused, (BUYERS - UNITS) * rounds)
    report.expect("5xx", broken, 0)
    report.expect_clean(lab.at_rest())


def _few_units_unguarded(lab: Lab, report: Report, rounds: int) -> None:
    lab.shop.start_web(SERVERS)
    urls = without(lab, "stock", "inventory_stocklevel.inventory_level_promises_covered")
    _few_units(lab, report, rounds, urls)


@experiment(
    3,
    "exactly 10 orders a round, 54 clean 409s, no 5xx",
    control=_few_units_unguarded,
    guard="the lock on the stock level",
    short=1,
    long=50,
)
def few_units(lab: Lab, report: Report, rounds: int) -> None:
    """64 buyers of 10 units."""
    lab.shop.start_web(SERVERS)
    _few_units(lab, report, rounds, lab.shop.urls)


def _one_key(lab: Lab, report: Report, rounds: int, urls: list[str], *, keys: int) -> None:
    before = lab.shop.sandbox.succeeded("authorize")
    other_body = 0
    for _ in report.rounds(rounds):
        goods = lab.shop.seed("goods", "50")
        (buyer,) = at_the_till(lab.shop.urls, goods["skuId"], count=1)
        presses = [
            replace(buyer, key=buyer.key if number % keys == 0 else str(new_id()))
            for number in range(PRESSES)
        ]
        answers = all_at_once(moved(presses, urls))
        codes = Counter(answer.status_code for answer in answers)
        report.expect("answers besides 200, 202 and 409", set(codes) - {200, 202, 409}, set())
        bought = {a.json().get("orderId") for a in answers if a.status_code == 200}
        report.expect_at_most("different orders in the answers", len(bought), 1)
        other_body += _another_body(buyer)
    report.note(rounds=rounds, presses=PRESSES * rounds, mismatches_refused=other_body)
    report.expect("mismatching bodies refused by 422", other_body, rounds)
    report.expect("authorizations", lab.shop.sandbox.succeeded("authorize") - before, rounds)
    report.expect_clean(lab.at_rest())


def _another_body(buyer: Buyer) -> int:
    """The same key with another body must be refused; whether it was."""
    answer = buyer.request(
        "POST",
        f"/checkout/{buyer.checkout_id}/confirm",
        {"paymentMethod": "tok_mastercard"},
        **{"Idempotency-Key": buyer.key},
    )
    return int(answer.status_code == 422)


def _one_key_unguarded(lab: Lab, report: Report, rounds: int) -> None:
    lab.shop.start_web(SERVERS)
    urls = without(
        lab,
        "once",
        "checkout_checkout.checkout_one_in_flight_per_cart",
        "orders_order.orders_one_live_order_per_checkout",
    )
    _one_key(lab, report, rounds, urls, keys=PRESSES)


@experiment(
    14,
    "one order and one authorization; another body: 422",
    control=_one_key_unguarded,
    guard="the look at the checkout's status, and other keys",
    short=1,
    long=20,
)
def one_key(lab: Lab, report: Report, rounds: int) -> None:
    """The same key 32 times at once, then with another body."""
    lab.shop.start_web(SERVERS)
    _one_key(lab, report, rounds, lab.shop.urls, keys=1)


def shop_of(lab: Lab) -> LiveShop:
    """The lab's shop, open with the usual number of web servers."""
    lab.shop.start_web(SERVERS)
    return lab.shop
