"""Passwords and coupon codes guessed from fifty addresses at once, while others use the shop."""

import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from proving.experiment import Report, experiment
from proving.lab import Lab

ADDRESSES, SECONDS, IN_EARNEST = 50, 60, 10_000
EVALUATED_A_MINUTE = 20
SLOWER, SLOWER_SHORTLY = 1.2, 6.0
"""How much longer others may wait; in a run of seconds a busy machine says little about that."""
NOISE_SECONDS = 0.025
"""What a busy machine adds to either, as in the other experiments that compare times."""
LOOKS_A_SECOND = 20
PASSWORD = "correct-horse-battery"
Wish = Callable[[int], tuple[str, dict[str, object]]]
HIT = 200
"""The right password, or a code that brings something."""
UNKNOWN = 404
"""What the answer that a code is refused counts as."""
GUARDED = {"HTTP_TRUSTED_PROXIES": "1", "RATE_LIMIT_SCALE": "1"}


def _guessed(lab: Lab, report: Report, guesses: int, url: str) -> None:
    """Half of the guesses at one account, half at one family of codes; the right one among them, late."""
    goods = lab.shop.seed("goods", "1000")
    victim = lab.shop.seed("staff", "operator")
    right_code = lab.shop.seed("coupon", "100")
    family = right_code[:6]
    item = {"skuId": goods["skuId"], "quantity": 1}
    lab.shop.settle()
    seconds = SECONDS * guesses / IN_EARNEST
    page = f"{url}/api/v1/storefront/products/{goods['productId']}"

    def login(number: int) -> tuple[str, dict[str, object]]:
        right = number == guesses * 3 // 8
        word = PASSWORD if right else f"guess-{number}"
        return "auth/login", {"email": victim["email"], "password": word}

    def code(number: int) -> tuple[str, dict[str, object]]:
        right = number == guesses * 3 // 8
        word = right_code if right else f"{family}{number:06d}"
        return "coupons/validate", {"items": [item], "couponCode": word, "couponCodes": []}

    normal = _while_looking(page, lambda: time.sleep(max(4.0, seconds / 4)))
    met: dict[str, Counter[int]] = {}

    def attack() -> None:
        for name, wish in (("login", login), ("code", code)):
            met[name] = _attack(url, wish, guesses // 2, seconds / 2)

    seen = _while_looking(page, attack)
    evaluated = {name: sum(found.values()) - found[429] for name, found in met.items()}
    hits = sum(found[HIT] for found in met.values())
    minutes = max(1.0, seconds / 2 / 60 + 1)
    report.note(
        guesses=sum(sum(found.values()) for found in met.values()),
        logins_evaluated=evaluated["login"],
        codes_evaluated=evaluated["code"],
        hits=hits,
        legit_p95=f"{seen * 1000:.0f} ms (normal {normal * 1000:.0f})",
    )
    for name, number in evaluated.items():
        report.expect_at_most(f"{name}s looked at", number, EVALUATED_A_MINUTE * minutes)
    report.expect("hits", hits, 0)
    report.expect("5xx", [found for found in met.values() if any(s >= 500 for s in found)], [])
    slower = SLOWER if guesses >= IN_EARNEST else SLOWER_SHORTLY
    report.expect_at_most(
        "p95 of those who only look", seen, slower * max(normal, NOISE_SECONDS) + NOISE_SECONDS
    )


def _attack(url: str, wish: Wish, guesses: int, seconds: float) -> Counter[int]:
    """At an even pace over the time, each from the next address: what they were answered."""
    started = time.monotonic()
    local = threading.local()

    def guess(number: int) -> int:
        if not hasattr(local, "client"):
            local.client = httpx.Client(timeout=60, trust_env=False)
        time.sleep(max(0.0, started + number * seconds / guesses - time.monotonic()))
        path, body = wish(number)
        headers = {"X-Forwarded-For": f"203.0.113.{number % ADDRESSES + 1}"}
        answer: httpx.Response = local.client.post(
            f"{url}/api/v1/{path}", json=body, headers=headers
        )
        if answer.status_code != 200 or answer.json().get("decision") == "refused":
            return answer.status_code if answer.status_code != 200 else UNKNOWN
        return HIT

    with ThreadPoolExecutor(8) as pool:
        return Counter(pool.map(guess, range(guesses)))


def _while_looking(page: str, act: Callable[[], object]) -> float:
    """The 95th percentile of the waits of someone who looks at goods meanwhile."""
    with _looking(page) as waits:
        act()
    return statistics.quantiles(waits, n=20)[-1]


@contextmanager
def _looking(page: str) -> Iterator[list[float]]:
    waits: list[float] = []
    over = threading.Event()

    def look() -> None:
        with httpx.Client(timeout=60, trust_env=False) as client:
            while not over.wait(1 / LOOKS_A_SECOND):
                started = time.monotonic()
                client.get(page, headers={"X-Forwarded-For": "198.51.100.7"}).raise_for_status()
                waits.append(time.monotonic() - started)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield waits
    finally:
        over.set()
        thread.join()


def _control(lab: Lab, report: Report, guesses: int) -> None:
    lab.shop.start_web(
        1, **GUARDED, DJANGO_SETTINGS_MODULE="abusing.unguarded", SHOP_WITHOUT="guesses"
    )
    _guessed(lab, report, guesses, lab.shop.urls[0])


@experiment(
    25,
    "at most 20 guesses a minute looked at for an account and for a family of codes, no hit, others served as fast",
    control=_control,
    guard="the counts by account and by family",
    short=400,
    long=10_000,
)
def guessed(lab: Lab, report: Report, guesses: int) -> None:
    """Passwords and coupon codes guessed from 50 addresses, 10,000 a minute."""
    lab.shop.start_web(2, **GUARDED)
    _guessed(lab, report, guesses, lab.shop.urls[0])
