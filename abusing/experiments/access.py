"""Strangers at every door: what is somebody's, nobody else sees, touches or learns the existence of.

Generated from the URL map. Each refusal has its own control: the owner, sending the same, gets in.
"""

import json
import re
import statistics
import time
from collections.abc import Callable
from typing import Any

from abusing.inside import inside
from proving.experiment import Report, experiment
from proving.lab import Lab

KEPT_OUT = frozenset({401, 403, 404})
FORBIDDEN = frozenset({401, 403})
OWN_404 = "cart/coupon-not-found"
"""What an owner may be told of an object that is there."""
ROUND = 20
"""So many samples of each of the two are timed before they are compared; so often again where they differ."""
TRIES = 4
LIKE_SHARE, LIKE_SECONDS = 0.25, 0.001
"""Times that differ by less are alike: nobody tells them apart through a network, by guesses that are limited."""
VOLATILE = frozenset({"correlation-id", "traceparent", "content-length", "date"})


def matrix(report: Report, times: int) -> None:
    """Every route with an object or a role, and everybody who has no business there."""
    from abusing.bodies import without_rule
    from abusing.doors import routes
    from abusing.people import customer, guest

    report.expect("doors without a rule", without_rule(), [])
    found = Findings(times)
    for route in routes():
        for owner_of in (customer, guest):
            found.look(route, owner_of)
    found.lists()
    report.note(
        doors=len(routes()),
        refusals=found.refusals,
        compared_with_nothing_there=found.compared,
        timed=found.timed,
        slowest_difference=f"{found.widest * 1000:.2f} ms",
    )
    report.expect("strangers let in, or told something", found.wrong, [])


class Findings:
    """What strangers got that they should not."""

    def __init__(self, samples: int) -> None:
        from abusing.people import anonymous, customer, guest, merchandiser, other_merchant

        self.strangers = {
            "anonymous": anonymous(),
            "another customer": customer(),
            "another guest": guest(),
            "another merchant": other_merchant(),
            "staff of another room": merchandiser(),
        }
        self.samples = samples
        self.wrong: list[str] = []
        self.refusals = self.compared = self.timed = 0
        self.widest = 0.0
        self._shared: dict[Any, Any] = {}

    def look(self, route: Any, owner_of: Callable[[], Any]) -> None:
        """All strangers at one door, with an object of this owner's behind it."""
        from abusing.objects import OWNED_BY_GUESTS, is_private
        from abusing.people import guest

        private = bool(route.parameters) and is_private(route.path)
        if owner_of is guest and not (private and route.path.startswith(OWNED_BY_GUESTS)):
            return
        if not private and not route.roles:
            return
        owner, knock = self._prepared(route, owner_of)
        for name, stranger in self.strangers.items():
            if not _has_business(stranger, route, private):
                self._try(knock, name, stranger, private)
        if private:
            self._owner_gets_in(knock, owner)

    def lists(self) -> None:
        """No list without a name in its path shows what is another's."""
        from abusing.doors import routes
        from abusing.objects import PRIVATE
        from abusing.people import customer

        owner = customer()
        made = [maker(owner) for maker in set(PRIVATE.values())]
        secrets = {value for values in made for value in values.values() if len(value) == 36}
        for route in routes():
            if route.parameters or route.method != "GET":
                continue
            for name, stranger in self.strangers.items():
                answer = stranger.client.get(route.url({}))
                shown = [one for one in secrets if one in answer.content.decode()]
                if answer.status_code >= 500 or shown:
                    self.wrong.append(f"{route}: {name} got {answer.status_code}, with {shown}")

    def _prepared(self, route: Any, owner_of: Callable[[], Any]) -> tuple[Any, Any]:
        """Reads share an object; a write gets one of its own."""
        from abusing.bodies import Knock, prepared
        from abusing.objects import maker_of

        if route.method != "GET":
            owner = owner_of()
            return owner, prepared(route, owner)
        key = (maker_of(route.path) if route.parameters else None, owner_of)
        if key not in self._shared:
            owner = owner_of()
            self._shared[key] = (owner, prepared(route, owner).values)
        owner, values = self._shared[key]
        return owner, Knock(route, values, None, {})

    def _try(self, knock: Any, name: str, stranger: Any, private: bool) -> None:
        answer = knock.by(stranger)
        self.refusals += 1
        if answer.status_code not in (KEPT_OUT if private else FORBIDDEN):
            got = f"{answer.status_code} {answer.content[:150]!r}"
            self.wrong.append(f"{knock.route}: {name} got {got}")
        elif private:
            self._compare(knock, _elsewhere(knock), name, stranger)

    def _compare(self, there: Any, nowhere: Any, name: str, stranger: Any) -> None:
        """What is another's and what does not exist are answered alike, and as fast."""
        self.compared += 1
        one, other = _told(there, stranger), _told(nowhere, stranger)
        if one != other:
            found = [(mine, yours) for mine, yours in zip(one, other, strict=True) if mine != yours]
            self.wrong.append(f"{there.route}: {name} can tell it is there: {found}")
        if there.route.method == "GET" and name == "another customer":
            self.timed += 1
            apart = _apart(there, nowhere, stranger, self.samples)
            self.widest = max(self.widest, apart)
            if apart:
                self.wrong.append(f"{there.route}: {apart * 1000:.2f} ms tell that it is there")

    def _owner_gets_in(self, knock: Any, owner: Any) -> None:
        """Where a role is asked for, the owner has none and is refused as well."""
        from ecommerce.http.permissions import AUTHENTICATED

        if knock.route.roles and AUTHENTICATED not in knock.route.roles:
            return
        answer = knock.by(owner)
        if answer.status_code in KEPT_OUT and answer.json()["code"] != OWN_404:
            got = f"{answer.status_code} {answer.content[:150]!r}"
            self.wrong.append(f"{knock.route}: its owner got {got}, so nothing was proved")


def _has_business(stranger: Any, route: Any, private: bool) -> bool:
    """Is the door theirs by a role? To be signed in is no business with what is another's."""
    from ecommerce.http.permissions import AUTHENTICATED

    asked = set(route.roles) - ({AUTHENTICATED} if private else set())
    return bool(asked & stranger.roles)


def _elsewhere(knock: Any) -> Any:
    """The same request for something that does not exist, by a name of the same length."""
    from dataclasses import replace

    from ecommerce.ids import new_id

    def other(value: str) -> str:
        return str(new_id()) if len(value) == 36 else "Z" * len(value)

    return replace(knock, values={name: other(value) for name, value in knock.values.items()})


def _told(knock: Any, stranger: Any) -> tuple[int, Any, dict[str, str]]:
    """All that a caller sees of an answer, without what differs each time."""
    answer = knock.by(stranger)
    text = answer.content.decode()
    for value in knock.values.values():
        text = text.replace(value, "…")
    text = re.sub(r'"correlationId":"[^"]*"', '"correlationId":""', text)
    headers = {name: said for name, said in answer.items() if name.lower() not in VOLATILE}
    return answer.status_code, json.loads(text or "null"), headers


def _apart(there: Any, nowhere: Any, stranger: Any, samples: int) -> float:
    """By how many seconds the two differ however often one looks; 0 where they do not."""
    apart = 0.0
    for turn in range(TRIES):
        one, other = _medians(there, nowhere, stranger, max(ROUND, samples) * 2**turn)
        apart = abs(one - other)
        if apart <= max(LIKE_SECONDS, LIKE_SHARE * min(one, other)):
            return 0.0
    return apart


def _medians(there: Any, nowhere: Any, stranger: Any, samples: int) -> tuple[float, float]:
    """Of the times of both, taken in turns so that a noisy machine moves both."""
    taken = [(_seconds(there, stranger), _seconds(nowhere, stranger)) for _ in range(samples)]
    one, other = zip(*taken, strict=True)
    return statistics.median(one), statistics.median(other)


def _seconds(knock: Any, stranger: Any) -> float:
    started = time.perf_counter()
    knock.by(stranger)
    return time.perf_counter() - started


def _control(lab: Lab, report: Report, times: int) -> None:
    inside(lab, report, matrix, 0, "ownership")


@experiment(
    20,
    "all refused, with 401, 403 or 404; nothing in the answer or its time tells what exists",
    control=_control,
    guard="the question whose it is",
    short=20,
    long=400,
)
def access(lab: Lab, report: Report, times: int) -> None:
    """Strangers at every door: anonymous, other customers and guests, another merchant, staff of another room."""
    inside(lab, report, matrix, times)
