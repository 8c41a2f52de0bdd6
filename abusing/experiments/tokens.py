"""Access tokens that nobody should believe, shown at every door; and good ones that were revoked."""

import time
from typing import Any

from abusing.inside import inside
from ecommerce.ids import new_id
from proving.buyer import Buyer
from proving.experiment import Report, experiment
from proving.lab import Lab

REVOKED_SECONDS = 5
SERVERS = 2
PASSWORD = "correct-horse-battery"


def forged(report: Report, share: int) -> None:
    """Every forgery at one door at least, and every door with one at least; with ``share`` 1 all at all."""
    from abusing.doors import routes
    from apps.accounts.tests.factories import client_of, person, signed_in
    from apps.accounts.tests.forgeries import FORGERIES

    token = signed_in(person(f"{new_id().hex}@example.com", "admin")).access_token
    tokens = {name: forge(token) for name, forge in FORGERIES.items()}
    wrong, shown = [], 0
    asking = [route for route in routes() if not route.is_open]
    for number, route in enumerate(asking):
        values = dict.fromkeys(route.parameters, str(new_id()))
        for turn, (name, text) in enumerate(tokens.items()):
            if (turn + number) % share:
                continue
            client = client_of(text)
            client.raise_request_exception = False
            answer: Any = client.generic_json(route.method, route.url(values), {})
            shown += 1
            if answer.status_code != 401:
                wrong.append(f"{route}: {name}: {answer.status_code}")
    report.note(forgeries=len(tokens), doors=len(asking), shown=shown)
    report.expect("forged tokens that were not refused with 401", wrong, [])
    good = client_of(token).get("/api/v1/me").status_code
    report.expect("the token that they were made of", good, 200)


def _revoked(lab: Lab, report: Report, times: int) -> None:
    """Signed out at one server, while another has just believed the token."""
    lab.shop.start_web(SERVERS)
    waits = [_until_refused(lab, turn) for turn in range(times)]
    report.note(revoked=len(waits), refused_within=f"{max(waits):.1f} s")
    report.expect_at_most("seconds until a revoked token is refused", max(waits), REVOKED_SECONDS)


def _until_refused(lab: Lab, turn: int) -> float:
    here, there = (lab.shop.urls[(turn + step) % SERVERS] for step in range(SERVERS))
    email = f"{new_id().hex}@example.com"
    buyer = Buyer(url=here)
    account = {"email": email, "password": PASSWORD}
    buyer.request("POST", "/auth/register", account).raise_for_status()
    buyer.sign_in(email, PASSWORD)
    buyer.request("GET", "/me", url=there).raise_for_status()
    buyer.request("POST", "/auth/logout").raise_for_status()
    started = time.monotonic()
    while buyer.request("GET", "/me", url=there).status_code == 200:
        if time.monotonic() - started > 4 * REVOKED_SECONDS:
            break
        time.sleep(0.05)
    return time.monotonic() - started


def _control(lab: Lab, report: Report, share: int) -> None:
    inside(lab, report, forged, share, "token checks")


@experiment(
    22,
    "each forgery 401, at every door; a revoked token is refused everywhere within 5 s",
    control=_control,
    guard="the check of signature and claims",
    short=8,
    long=1,
)
def tokens(lab: Lab, report: Report, share: int) -> None:
    """Tokens with alg none, confused algorithms, foreign keys, wrong times, audiences and key ids, and revoked ones."""
    inside(lab, report, forged, share)
    _revoked(lab, report, max(2, 20 // share))
