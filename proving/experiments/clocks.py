"""Machines whose clocks are wrong."""

from proving.buyer import Buyer
from proving.experiment import Report, experiment
from proving.lab import Lab

SKEWS = (600, 0, -600)
"""Seconds that the web servers' clocks are ahead."""
TODAY, TOMORROW = 1000, 1500
TTL = 1800


def _wrong_clocks(lab: Lab, report: Report, times: int, **guard: str) -> None:
    for skew in SKEWS:
        lab.shop.start_web(1, SHOP_CLOCK_SKEW_SECONDS=str(skew), **guard)
    early, late, ttl_error = 0, 0, 0.0
    for _ in report.rounds(times):
        goods = lab.shop.seed(
            "goods",
            "10",
        )
        sku = goods["skuId"]
        lab.shop.seed("repriced", sku, str(TODAY), "0")
        lab.shop.seed("repriced", sku, str(TOMORROW), "300")
        early += sum(_asked(url, sku) != TODAY for url in lab.shop.urls)
        ttl_error = max(ttl_error, _ttl_error(lab, sku))
        late += _swept_early(lab, guard)
    report.note(
        clocks_wrong_by="±10 min",
        wrong_prices=early,
        released_early=late,
        ttl_error=f"{ttl_error:.2f} s",
    )
    report.expect("prices of another time", early, 0)
    report.expect("holds given back before their time", late, 0)
    report.expect_at_most(
        "seconds that a hold is longer or shorter than it should be", ttl_error, 1
    )
    report.expect_clean(lab.at_rest())


def _asked(url: str, sku: str) -> int:
    """What a web server asks for the SKU; nothing where it knows of no price yet."""
    buyer = Buyer(url=url)
    try:
        cart = buyer.fill_cart(sku)
    except AssertionError:
        return 0
    shown = buyer.request("GET", f"/carts/{cart}").json()
    return int(shown["total"]["amount"])


def _ttl_error(lab: Lab, sku: str) -> float:
    order = lab.shop.seed("held", sku)
    lasts = lab.shop.one(
        "SELECT extract(epoch FROM expires_at - now()) FROM inventory_reservation WHERE order_id = %s",
        [order],
    )
    return abs(float(lasts) - TTL)


def _swept_early(lab: Lab, guard: dict[str, str]) -> int:
    """How many holds a sweeper whose clock is an hour ahead gives back."""
    before = lab.shop.one("SELECT count(*) FROM inventory_reservation WHERE status = 'EXPIRED'")
    lab.shop.try_seed("swept", SHOP_CLOCK_SKEW_SECONDS="3600", **guard)
    after = lab.shop.one("SELECT count(*) FROM inventory_reservation WHERE status = 'EXPIRED'")
    return int(after - before)


def _by_their_own_clocks(lab: Lab, report: Report, times: int) -> None:
    _wrong_clocks(
        lab, report, times, DJANGO_SETTINGS_MODULE="proving.unguarded", SHOP_WITHOUT="clock"
    )


@experiment(
    15,
    "prices, holds and their end by the database's clock alone; a hold's length within 1 s",
    control=_by_their_own_clocks,
    guard="following the database's clock",
    short=1,
    long=20,
)
def wrong_clocks(lab: Lab, report: Report, times: int) -> None:
    """Web servers and a sweeper whose clocks are ten minutes to an hour wrong."""
    _wrong_clocks(lab, report, times)
