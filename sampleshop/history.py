"""What was bought in the sample shop's first weeks: a plan, the same one every time."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

DAYS = 60
_SEED = 2026


class Fate(StrEnum):
    """How a purchase went."""

    KEPT = "kept"
    DECLINED = "declined"
    CALLED_OFF = "called off"
    PARTLY_RETURNED = "partly returned"


@dataclass(frozen=True, kw_only=True, slots=True)
class Buyer:
    """Who buys, and where it goes. Without a user id it is a guest."""

    user_id: UUID | None
    name: str
    email: str
    locale: str
    currency: str
    line1: str
    city: str
    region: str
    postal_code: str
    country: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Purchase:
    """Who bought what, when, and how it went."""

    number: int
    buyer: Buyer
    placed_at: datetime
    wanted: tuple[tuple[UUID, int], ...]
    shipping_method: str
    coupon: str
    fate: Fate


def plan(buyers: Sequence[Buyer], sku_ids: Sequence[UUID], *, now: datetime) -> Iterator[Purchase]:
    """Purchases of two months, oldest first: one or two a day, and four on each of the last three."""
    dice = random.Random(_SEED)  # noqa: S311  # a plan, no secret
    first_of: set[str] = set()
    number = 0
    for days_ago in range(DAYS, -1, -1):
        for _ in range(_orders_on(days_ago)):
            buyer = dice.choice(buyers)
            yield Purchase(
                number=number,
                buyer=buyer,
                placed_at=now - timedelta(days=days_ago, minutes=dice.randrange(20, 900)),
                wanted=_basket(dice, sku_ids),
                shipping_method="express" if dice.random() < 0.2 else "standard",
                coupon="" if buyer.email in first_of or number % 3 else "WELCOME10",
                fate=_fate(number, days_ago),
            )
            first_of.add(buyer.email)
            number += 1


def _orders_on(days_ago: int) -> int:
    if days_ago < 3:
        return 4
    return 1 if days_ago % 4 else 2


def _basket(dice: random.Random, sku_ids: Sequence[UUID]) -> tuple[tuple[UUID, int], ...]:
    chosen = dice.sample(sku_ids, dice.choice([1, 1, 2, 2, 3]))
    return tuple((sku_id, dice.choice([1, 1, 1, 2])) for sku_id in chosen)


def _fate(number: int, days_ago: int) -> Fate:
    """The last days run their course, so that the warehouse has something to do."""
    if days_ago < 5:
        return Fate.KEPT
    return {5: Fate.DECLINED, 9: Fate.CALLED_OFF, 12: Fate.PARTLY_RETURNED}.get(
        number % 13, Fate.KEPT
    )
