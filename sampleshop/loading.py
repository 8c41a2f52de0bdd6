"""Loads the sample shop into an empty database."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import transaction

from apps.catalog import services as catalog
from apps.catalog.types import MediaRef, ProductFilter
from ecommerce.events import told_together
from ecommerce.events.draining import drain
from ecommerce.http.pagination import Page
from ecommerce.identity import SYSTEM
from sampleshop import content, history, opening, purchases, rules, shelves
from sampleshop.history import Buyer
from sampleshop.screen import Screen
from sampleshop.shelves import Shelved

OPEN_SINCE = timedelta(days=75)
SECONDS_A_ROUND = 3.0


def load(screen: Screen, *, now: datetime) -> bool:
    """Load everything, or nothing where there are products already. Says whether it did.

    One transaction: a load that was killed has left nothing behind, and is simply started again.
    """
    if _has_products():
        return False
    with transaction.atomic(), told_together():
        _open_shop(screen, _hang_pictures(screen, now=now), now=now)
    return True


def bring_up_to_date(screen: Screen) -> bool:
    """Carry every event to its readers, so that the storefront shows it; False if some had to wait."""
    failed = False
    with screen.step("storefront and reports") as advance:
        while True:
            done = drain(seconds=SECONDS_A_ROUND)
            advance(done.handled)
            failed = failed or bool(done.errors)
            if done.finished or not (done.handled or done.sequenced):
                return done.finished and not failed


def _has_products() -> bool:
    wanted = ProductFilter()
    found, _ = catalog.list_products(wanted=wanted, viewer=SYSTEM, page=Page(size=1))
    return bool(found)


def _hang_pictures(screen: Screen, *, now: datetime) -> shelves.Pictures:
    """Drawn by a thread beside this one, which makes the renditions."""
    looks = shelves.looks()
    hung: dict[tuple[str, str | None], MediaRef] = {}
    with screen.step("pictures", len(looks)) as advance, ThreadPoolExecutor(1) as painter:
        for look, picture in zip(looks, painter.map(shelves.paint, looks), strict=True):
            hung[look.slug, look.color] = shelves.hang(look, picture, now=now)
            advance(1)
    return hung


def _open_shop(screen: Screen, pictures: shelves.Pictures, *, now: datetime) -> None:
    opened = now - OPEN_SINCE
    with screen.step("merchant, warehouses, taxes and shipping"):
        opening.put_up_the_sign()
        opening.rent_warehouses()
        opening.hire_carriers()
        rules.set_taxes(now=opened)
    with screen.step("staff and customers") as advance:
        rules.hire_staff(now=opened)
        customers = rules.invite_customers(now=opened)
        advance(len(rules.STAFF) + len(customers))
    shelf = _fill_shelves(screen, pictures, opened=opened)
    _sell(screen, shelf, customers, now=now)


def _fill_shelves(screen: Screen, pictures: shelves.Pictures, *, opened: datetime) -> list[Shelved]:
    categories = shelves.plant_categories(now=opened)
    shelf = []
    with screen.step("products", len(content.products())) as advance:
        for shelved in shelves.fill(categories, pictures, opened=opened):
            shelf.append(shelved)
            advance(1)
    with screen.step("German texts", len(shelf)) as advance:
        for shelved in shelf:
            shelves.translate(shelved, now=opened)
            advance(1)
    with screen.step("prices, stock and promotions"):
        shelves.set_prices(shelf, now=opened)
        shelves.receive(shelf)
        rules.set_promotions(categories, now=opened)
    return shelf


def _sell(
    screen: Screen, shelf: list[Shelved], customers: Sequence[Buyer], *, now: datetime
) -> None:
    skus = catalog.find_skus(ids=[sku.sku_id for one in shelf for sku in one.product.skus])
    plan = list(history.plan(customers, shelves.plentiful(shelf), now=now))
    with screen.step("past orders", len(plan)) as advance:
        for purchase in plan:
            purchases.carry_out(purchase, skus, now=now)
            advance(1)
