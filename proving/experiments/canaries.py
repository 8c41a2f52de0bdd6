"""Secrets and personal data are sent through every door; where do they turn up again?"""

import secrets
from dataclasses import dataclass, fields
from typing import Any

import psycopg
import redis

from proving.buyer import ADDRESS, Buyer
from proving.experiment import Report, experiment
from proving.lab import Lab

CARD = "4111 1111 1111 1111"
ALLOWED = frozenset(
    {
        "accounts_user.email",
        "accounts_user.first_name",
        "accounts_user.last_name",
        "accounts_address.first_name",
        "accounts_address.last_name",
        "accounts_address.phone",
        "checkout_checkout.email",
        "checkout_checkout.shipping_address",
        "checkout_checkout.billing_address",
        "orders_orderaddress.email",
        "orders_orderaddress.name",
        "orders_orderaddress.phone",
        "orders_order.email",
        "shipping_fulfilment.address",
        "shipping_fulfilment.name",
        "shipping_fulfilment.phone",
    }
)
"""Where a person's data is kept because the sale or the account needs it: erased with the person."""
_COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
  AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'bytea', 'ARRAY')
"""


@dataclass(frozen=True, slots=True)
class Canaries:
    """What must not be found where it has no business, each unlike anything else."""

    email: str
    name: str
    phone: str
    password: str
    card: str = CARD.replace(" ", "")


def _canaries() -> Canaries:
    mark = secrets.token_hex(6)
    return Canaries(
        email=f"canary-{mark}@leak.example",
        name=f"Kanarie{mark}",
        phone=f"+316{secrets.randbelow(10**8):08d}",
        password=f"Kooi-{secrets.token_hex(8)}",
    )


def _sing(lab: Lab, birds: Canaries) -> list[str]:
    """Send them through every door that takes such things; the tokens that came back."""
    url = lab.shop.urls[0]
    account = {"email": birds.email, "password": birds.password, "firstName": birds.name}
    user = Buyer(url=url)
    user.request("POST", "/auth/register", account).raise_for_status()
    user.request("POST", "/auth/login", {**account, "password": "wrong-" + birds.password})
    user.sign_in(birds.email, birds.password)
    user.request(
        "POST",
        "/me/addresses",
        {
            "firstName": birds.name, "lastName": birds.name, "line1": "1 Cage", "city": "Gent",
            "postalCode": "9000", "country": "BE", "phone": birds.phone,
        },
    )  # fmt: skip
    goods = lab.shop.seed("goods", "50")
    guest = Buyer(url=url)
    order: dict[str, Any] = {
        "cartId": guest.fill_cart(goods["skuId"]),
        "email": birds.email,
        "shippingAddress": {**ADDRESS, "name": birds.name, "phone": birds.phone},
        "shippingMethod": "standard",
        "paymentMethod": CARD,
    }
    guest.request("POST", "/checkout", order, **{"Idempotency-Key": "with-a-card"})
    started = guest.request("POST", "/checkout", {**order, "paymentMethod": "tok_visa"})
    guest.checkout_id = started.json()["id"]
    guest.confirm()
    # What is refused comes back in error pages, and must not stay in a log.
    for path in ("/auth/login", "/checkout", "/carts", "/search"):
        guest.request("POST", path, {"email": [birds.email], "query": {"name": birds.name}})
    guest.request("GET", f"/storefront/catalog?q={birds.email}")
    return [guest.guest_token, user.access_token]


def _in_tables(lab: Lab, words: list[str]) -> set[str]:
    found = set()
    with psycopg.connect(lab.postgres.url, autocommit=True) as connection:
        for table, column in connection.execute(_COLUMNS.encode()).fetchall():
            holding = (
                f'SELECT EXISTS (SELECT FROM "{table}" CROSS JOIN unnest(%s::text[]) word'
                f' WHERE position(word IN "{column}"::text) > 0)'
            )
            if connection.execute(holding.encode(), [words]).fetchone() == (True,):
                found.add(f"{table}.{column}")
    return found


def _in_logs(lab: Lab, words: list[str]) -> set[str]:
    return {
        f"{log.name} ({word[:8]}…)"
        for log in lab.folder.glob("*.log")
        for text in [log.read_text(errors="replace")]
        for word in words
        if word in text
    }


def _in_cache(lab: Lab, words: list[str]) -> set[str]:
    client: Any = redis.Redis.from_url(lab.valkey.url)
    found = set()
    for key in client.scan_iter():
        kept = key + repr(client.dump(key)).encode()
        found |= {f"valkey {key[:40]!r}" for word in words if word.encode() in kept}
    return found


def _look(lab: Lab, report: Report, times: int, **guard: str) -> None:
    lab.shop.start_web(1, **guard)
    lab.shop.start_worker()
    leaks: set[str] = set()
    kept: set[str] = set()
    for _ in report.rounds(times):
        birds = _canaries()
        tokens = _sing(lab, birds)
        report.expect_clean(lab.at_rest())
        words = [getattr(birds, field.name) for field in fields(birds)]
        kept = _in_tables(lab, words)
        leaks |= kept - ALLOWED
        leaks |= _in_tables(lab, [birds.password, birds.card, *tokens])
        leaks |= _in_logs(lab, [*words, *tokens]) | _in_cache(lab, [*words, *tokens])
    report.note(canaries=times, columns_that_keep=len(kept), leaks=len(leaks))
    report.expect("places where they have no business", sorted(leaks), [])


def _unmasked(lab: Lab, report: Report, times: int) -> None:
    _look(lab, report, times, DJANGO_SETTINGS_MODULE="proving.unguarded", SHOP_WITHOUT="masking")


@experiment(
    29,
    "passwords, tokens and card numbers nowhere; names, addresses and e-mail only in the columns that need them",
    control=_unmasked,
    guard="masking, with the requests' headers in the log",
    short=1,
    long=5,
)
def canaries(lab: Lab, report: Report, times: int) -> None:
    """Secrets, card numbers and personal data sent through the doors, then looked for everywhere."""
    _look(lab, report, times)
