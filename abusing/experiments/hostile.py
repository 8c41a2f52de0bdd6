"""JSON that is meant to hurt whoever reads it: deep, huge, endless numbers, no JSON at all."""

import json
import statistics
import time
from collections.abc import Iterator

import httpx

from abusing.inside import inside
from proving.buyer import Buyer
from proving.experiment import Report, experiment
from proving.lab import Lab
from proving.processes import cpu_seconds

DEPTH, BODY_BYTES, KEYS = 50_000, 10_000_000, 1_000_000
SECONDS = 2.0
"""No body may cost the server more CPU. (How long its sender waits is told, and depends on who else is at work.)"""
WELL_FORMED = frozenset({"as many members as fit", "nothing"})
"""Doors that ask for nothing in particular may take them."""


def _hostile() -> dict[str, bytes]:
    deep = b"[" * DEPTH
    return {
        "deep lists": deep + b"]" * DEPTH,
        "deep lists without an end": deep,
        "deep objects": b'{"a":' * DEPTH + b"1" + b"}" * DEPTH,
        "10 MB of text": b'"' + b"w" * BODY_BYTES + b'"',
        "a million members": json.dumps(dict.fromkeys(map(str, range(KEYS)), 1)).encode(),
        "as many members as fit": json.dumps(dict.fromkeys(map(str, range(150_000)), 1)).encode(),
        "as many lists as fit": b"[" + b"[]," * 800_000 + b"[]]",
        "NaN": b'{"quantity": NaN}',
        "Infinity": b'{"quantity": -Infinity}',
        "a number of 100,000 digits": b'{"quantity": ' + b"9" * 100_000 + b"}",
        "a number beyond floats": b'{"quantity": 1e400}',
        "bad UTF-8": b'{"name": "\xff\xfe"}',
        "nothing": b"",
        "half of an object": b'{"quantity": ',
        "a bare word": b"yes",
    }


def doors(report: Report, times: int) -> None:
    """Tell which doors take JSON: method, address, members that are numbers or text."""
    from abusing.doors import routes, schema_of

    values = "01890000-0000-7000-8000-000000000000"
    report.note(
        doors=[
            (route.method, route.url(dict.fromkeys(route.parameters, values)), str(route))
            for route in routes()
            if schema_of(route) is not None
        ]
    )


def _batter(lab: Lab, report: Report, url: str, share: int) -> None:
    told = Report()
    inside(lab, told, doors, 1)
    found: list[tuple[str, str, str]] = told.figures["doors"]
    account = lab.shop.seed("staff", "admin")
    boss = Buyer(url=url)
    boss.sign_in(account["email"], account["password"])
    headers = {"Authorization": f"Bearer {boss.access_token}", "Content-Type": "application/json"}
    wrong: list[str] = []
    waits: list[float] = []
    costs: list[float] = []
    bodies = _hostile()
    with httpx.Client(base_url=url, timeout=30, trust_env=False, headers=headers) as client:
        for number, (method, path, name) in enumerate(found):
            for what, body in _chosen(bodies, number, share):
                started = time.monotonic()
                before = cpu_seconds(lab.shop.webs[0].pid)
                status = _status(client, method, path, body)
                waits.append(time.monotonic() - started)
                costs.append(cpu_seconds(lab.shop.webs[0].pid) - before)
                if not (200 if what in WELL_FORMED else 400) <= status < 500:
                    wrong.append(f"{name}: {what}: {status or 'the connection was cut'}")
                if costs[-1] > SECONDS:
                    wrong.append(f"{name}: {what}: {costs[-1]:.1f} s of CPU")
    report.note(
        doors=len(found),
        bodies=len(waits),
        p95=f"{statistics.quantiles(waits, n=20)[-1] * 1000:.0f} ms",
        dearest=f"{max(costs) * 1000:.0f} ms of CPU",
    )
    report.expect("bodies that were not refused quickly", wrong, [])


def _status(client: httpx.Client, method: str, path: str, body: bytes) -> int:
    """Once more where the connection was cut: after a body that it did not read to its end, a server may."""
    for _ in range(2):
        try:
            return client.request(method, path, content=body).status_code
        except (httpx.RemoteProtocolError, httpx.WriteError, httpx.ReadError):
            continue
    return 0


def _chosen(bodies: dict[str, bytes], number: int, share: int) -> Iterator[tuple[str, bytes]]:
    """Every ``share``-th, another for each door; all of them where it is 1."""
    for turn, chosen in enumerate(bodies.items()):
        if (turn + number) % share == 0:
            yield chosen


def _control(lab: Lab, report: Report, share: int) -> None:
    lab.shop.start_web(1, DJANGO_SETTINGS_MODULE="abusing.unguarded", SHOP_WITHOUT="strict JSON")
    _batter(lab, report, lab.shop.urls[0], share)


@experiment(
    102,
    "4xx for less than 2 s of CPU at every door, whatever is sent",
    control=_control,
    guard="the strict reading of JSON",
    short=5,
    long=1,
)
def hostile(lab: Lab, report: Report, share: int) -> None:
    """Deep and huge JSON, endless numbers, NaN, and what is no JSON."""
    lab.shop.start_web()
    _batter(lab, report, lab.shop.urls[0], share)
