"""What a provider tells: twice, in any order, days late, and what others say in its name."""

import hashlib
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from apps.payments.domain.attempts import capture_id
from ecommerce.ids import new_id
from proving.buyer import Buyer, at_the_till
from proving.experiment import Report, experiment
from proving.experiments.buyers import without
from proving.lab import Lab
from proving.shop import LiveShop
from sandbox.posting import signature
from sandbox.process import SECRET

EVENTS, COPIES = 6, 3
AT_ONCE = 4
"""So many deliveries run side by side: of different payments, or of what is forged."""
LATE = timedelta(hours=72)
LEDGER_LINES = 2 * 3
"""A capture and two refunds, two lines each."""
OLD_SECRET, NEW_SECRET = "the-retired-secret", "the-secret-since-then"
Event = dict[str, Any]

_STATE = """
    SELECT jsonb_build_array(
        (SELECT jsonb_build_array(p.status, p.authorized, p.captured, p.refunded, p.voided,
            p.capture_pending, p.refund_pending, p.declined, p.decline_code)),
        (SELECT jsonb_agg(jsonb_build_array(operation, amount, status, decline_code)
                          ORDER BY operation, amount, status)
         FROM payments_attempt WHERE payment_id = p.id),
        (SELECT jsonb_agg(jsonb_build_array(e.kind, l.account_id, l.debit, l.credit)
                          ORDER BY e.kind, l.account_id, l.debit, l.credit)
         FROM payments_journalentry e JOIN payments_journalline l ON l.entry_id = e.id
         WHERE e.payment_id = p.id),
        (SELECT jsonb_build_array(status, payment_status, paid_minor, refunded_minor)
         FROM orders_order WHERE id = p.order_id),
        (SELECT jsonb_agg(jsonb_build_array(event_type, n) ORDER BY event_type) FROM (
            SELECT event_type, count(*) AS n
            FROM (SELECT event_type, partition_key FROM event_log
                  UNION ALL SELECT event_type, partition_key FROM outbox) told
            WHERE partition_key IN (p.id::text, p.order_id::text)
              AND event_type <> 'ecommerce.orders.order.updated.v1' GROUP BY 1) counted),
        (SELECT jsonb_agg(DISTINCT state) FROM payments_webhookevent
         WHERE payload->'charge'->>'paymentId' = p.id::text)
    )::text FROM payments_payment p ORDER BY p.id"""
"""Whoever is first to note a capture on the order says that it was updated, so the number of such notes differs."""
_LINES = """
    SELECT p.id, count(l.id) FROM payments_payment p
    LEFT JOIN payments_journalentry e ON e.payment_id = p.id
    LEFT JOIN payments_journalline l ON l.entry_id = e.id
    GROUP BY p.id HAVING count(l.id) <> """ + str(LEDGER_LINES)  # fmt: skip
_BACK_THEN = """
    UPDATE payments_payment SET created_at = created_at - interval '72 hours' WHERE id = '{id}';
    UPDATE payments_attempt SET created_at = created_at - interval '72 hours',
        asked_at = asked_at - interval '72 hours' WHERE payment_id = '{id}'"""


class Provider:
    """Delivers webhooks to a shop as the sandbox's post does, but when and as often as it is told."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/api/v1/payments/webhooks/sandbox"
        self._client = httpx.Client(trust_env=False, timeout=30)

    def deliver(self, event: Event, secret: str = SECRET, skew_seconds: int = 0) -> int:
        """Sign and send; the answer's status."""
        body = json.dumps(event).encode()
        return self.send(body, signature(body, secret=secret, timestamp=_moment(skew_seconds)))

    def send(self, body: bytes, header: str | None) -> int:
        """Send these bytes under that signature."""
        headers = {"Content-Type": "application/json"}
        if header is not None:
            headers["Sandbox-Signature"] = header
        return self._client.post(self._url, content=body, headers=headers).status_code


def _moment(skew_seconds: int = 0) -> int:
    return int(time.time()) + skew_seconds


def _unheard(lab: Lab, count: int) -> list[list[Event]]:
    """Payments that the gateway did six things to, and the shop has heard of none of them: their events."""
    goods = lab.shop.seed("goods", str(count))
    buyers = at_the_till(lab.shop.urls, goods["skuId"], count=count, card="tok_webhook_lost")
    lab.gateway.refusing = True
    lab.gateway.cut()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(Buyer.confirm, buyers))
    lab.gateway.refusing = False
    for payment_id, amount in lab.shop.rows("SELECT id, amount FROM payments_payment"):
        _act(lab.shop, payment_id, amount)
    by_payment: dict[str, list[Event]] = {}
    for event in lab.shop.sandbox.events():
        by_payment.setdefault(event["charge"]["paymentId"], []).append(event)
    return list(by_payment.values())


def _act(shop: LiveShop, payment_id: UUID, amount: int) -> None:
    """Authorized and captured as the shop would have asked; the rest someone did by hand at the gateway."""
    steps = (
        ("authorizations", payment_id, amount),
        ("captures", capture_id(payment_id), amount),
        ("captures", new_id(), amount),  # declined: nothing is left
        ("refunds", new_id(), 300),
        ("refunds", new_id(), 200),
        ("refunds", new_id(), amount),  # declined: too much
    )
    for path, attempt_id, minor in steps:
        wish = {
            "attemptId": str(attempt_id),
            "paymentId": str(payment_id),
            "amount": minor,
            "currency": "EUR",
            "method": "tok_webhook_lost",
        }
        shop.sandbox.post(f"/gateway/v1/{path}", wish).raise_for_status()


def _any_order(lab: Lab, report: Report, count: int, urls: list[str]) -> None:
    orders = _permutations(count)
    histories = _unheard(lab, len(orders))

    def tell(number: int) -> Counter[int]:
        history = [histories[number][place] for place in orders[number]]
        return _told(lab.shop, urls, history, late=number % 3 == 0)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = sum(report.seen(pool.map(tell, range(len(orders))), len(orders)), Counter[int]())
    told = {_digest(row) for row in lab.shop.rows(_STATE)}
    rest = lab.at_rest()
    settled = {_digest(row) for row in lab.shop.rows(_STATE)}
    report.note(
        permutations=len(orders), deliveries=answers.total(), states=len(told), ends=len(settled)
    )
    report.expect("answers", set(answers), {200})
    report.expect("states as they were told", len(told), 1)
    report.expect("states in the end", len(settled), 1)
    report.expect("payments with lines too many or too few", lab.shop.rows(_LINES), [])
    report.expect_clean(rest)


def _permutations(count: int) -> list[tuple[int, ...]]:
    every = list(itertools.permutations(range(EVENTS)))
    return random.sample(every, min(count, len(every)))


def _told(shop: LiveShop, urls: list[str], events: list[Event], *, late: bool) -> Counter[int]:
    """Each event three times, the first time in this order; every other delivery at another server."""
    if late:
        shop.execute(_BACK_THEN.format(id=events[0]["charge"]["paymentId"]))
        events = [_of_old(event) for event in events]
    again = [random.sample(events, EVENTS) for _ in range(COPIES - 1)]
    providers = [Provider(url) for url in urls]
    return Counter(
        provider.deliver(event)
        for event, provider in zip(
            itertools.chain(events, *again), itertools.cycle(providers), strict=False
        )
    )


def _of_old(event: Event) -> Event:
    happened = datetime.fromisoformat(event["createdAt"]) - LATE
    return {**event, "createdAt": happened.isoformat().replace("+00:00", "Z")}


def _digest(row: Sequence[Any]) -> str:
    return hashlib.sha256(row[0].encode()).hexdigest()


def _any_order_unguarded(lab: Lab, report: Report, count: int) -> None:
    lab.shop.start_web(2)
    payment = "payments_payment.payments_"
    urls = without(
        lab,
        "settled",
        f"{payment}authorized_within_amount",
        f"{payment}captured_within_authorized",
        f"{payment}refunded_within_captured",
        f"{payment}pending_not_negative",
        "payments_journalentry.payments_journalentry_reference_key",
    )
    _any_order(lab, report, count, urls)


@experiment(
    12,
    "one final state whatever the order, and no line of the ledger twice",
    control=_any_order_unguarded,
    guard="the look at whether an attempt is settled",
    short=12,
    long=720,
)
def any_order(lab: Lab, report: Report, count: int) -> None:
    """Webhooks in every order, each three times, some 72 hours late."""
    lab.shop.start_web(2)
    _any_order(lab, report, count, lab.shop.urls)


_TABLES = (
    "payments_payment", "payments_attempt", "payments_webhookevent", "payments_journalline",
    "payments_reversal", "orders_order", "checkout_saga", "outbox", "event_log",
)  # fmt: skip


def _state(shop: LiveShop) -> list[str]:
    """Every row of all that a webhook could change."""
    whole = "SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {} t"
    return [shop.one(whole.format(table)) for table in _TABLES]


def _forged(event: Event) -> Iterator[tuple[str, bytes, str | None]]:
    """Everything that someone without the secret could try, and what was true once."""
    body = json.dumps(event).encode()
    good = signature(body, secret=SECRET, timestamp=_moment())
    digest = good.split("v1=")[1]
    at = random.randrange(len(body))
    old, ahead = random.randint(310, 300_000), random.randint(310, 300_000)
    yield "old", body, signature(body, secret=SECRET, timestamp=_moment(-old))
    yield "from the future", body, signature(body, secret=SECRET, timestamp=_moment(ahead))
    yield (
        "old, said to be new",
        body,
        f"t={_moment()},v1={signature(body, secret=SECRET, timestamp=_moment(-old)).split('v1=')[1]}",
    )
    yield "a byte more", body + b" ", good
    yield "another byte", body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :], good
    yield "another secret", body, signature(body, secret="guessed", timestamp=_moment())
    yield "no secret", body, signature(body, secret="", timestamp=_moment())
    yield "half a digest", body, good[: -len(digest) // 2]
    yield "no digest", body, f"t={_moment()}"
    yield "no time", body, f"v1={digest}"
    yield "no signature", body, None


def _signed(lab: Lab, report: Report, times: int, open_shop: Callable[[str], Provider]) -> None:
    ((*events,),) = _unheard(lab, 1)
    usual, rotating, rotated = (
        open_shop(secrets) for secrets in (SECRET, f"{NEW_SECRET},{OLD_SECRET}", NEW_SECRET)
    )
    before = _state(lab.shop)

    def forge(_: int) -> Counter[str]:
        event = random.choice(events)
        let_in = Counter(
            {kind: usual.send(body, header) != 401 for kind, body, header in _forged(event)}
        )
        let_in["retired"] = rotated.deliver(event, OLD_SECRET) != 401
        return let_in

    def rotate(_: int) -> int:
        keys = ((rotating, OLD_SECRET), (rotating, NEW_SECRET), (rotated, NEW_SECRET))
        return sum(
            provider.deliver(random.choice(events), secret, random.randint(-200, 200)) != 200
            for provider, secret in keys
        )

    with ThreadPoolExecutor(AT_ONCE) as pool:
        forged = list(report.seen(pool.map(forge, range(times)), times))
        changed = _state(lab.shop) != before
        refused = sum(report.seen(pool.map(rotate, range(times)), times))
    kinds = len(forged[0])
    report.note(kinds=kinds, forged=times * kinds, good=3 * times)
    report.expect("forged ones let in", +sum(forged, Counter[str]()), Counter())
    report.expect("state changed", changed, False)
    report.expect("good ones refused during a rotation", refused, 0)
    report.expect_clean(lab.at_rest())


def _signed_unguarded(lab: Lab, report: Report, times: int) -> None:
    def open_shop(secrets: str) -> Provider:
        lab.shop.start_web(
            1,
            PAYMENT_WEBHOOK_SECRET=secrets,
            DJANGO_SETTINGS_MODULE="proving.unguarded",
            SHOP_WITHOUT="signature",
        )
        return Provider(lab.shop.urls[-1])

    lab.shop.start_web()
    _signed(lab, report, times, open_shop)


@experiment(
    13,
    "forged and replayed ones: 401 and no change; none refused while a secret is rotated",
    control=_signed_unguarded,
    guard="the signature's check",
    short=20,
    long=1_000,
)
def signed(lab: Lab, report: Report, times: int) -> None:
    """Webhooks of old, of other bytes, of other secrets, and in the days of a rotation."""

    def open_shop(secrets: str) -> Provider:
        lab.shop.start_web(1, PAYMENT_WEBHOOK_SECRET=secrets)
        return Provider(lab.shop.urls[-1])

    lab.shop.start_web()
    _signed(lab, report, times, open_shop)
