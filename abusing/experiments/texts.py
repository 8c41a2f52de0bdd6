"""Text that is hard to keep, in every string of every door: refused, or kept as it came."""

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_from_bytes

from abusing.inside import inside
from proving.experiment import Report, experiment
from proving.lab import Lab

MARK = "Qwx7"
TEXTS: dict[str, str] = {
    "a lone surrogate": f"{MARK}\ud800{MARK}",
    "NUL": f"{MARK}\x00{MARK}",
    "control characters": f"{MARK}\x01\x07\x1b[31m\x7f\x85{MARK}",
    "right to left": f"{MARK}\u202egnp.exe\u2066\u200f{MARK}",
    "zero width": f"{MARK}\u200b\u200d\u2060\ufeff{MARK}",
    "four bytes and composed": f"{MARK}\U0001f984\U0001f469\u200d\U0001f52ce\u0301\U00020000{MARK}",
    "long": f"{MARK}{'w' * 600_000}{MARK}",
}
SLOW_SECONDS = 2.0
RAW = (
    b"%00",
    b"\xed\xa0\x80",
    b"\xff\xfe",
    "\u202e\U0001f984".encode(),
    b"w" * 5_000,
    b"..%2f..%2f",
)
"""For paths and queries, where anything can be written."""


def texts(report: Report, each: int) -> None:
    """``each`` of the texts in every string of a body, another few at each; all of RAW in paths and queries."""
    from abusing.bodies import opener, prepared, writing

    wrong: list[str] = []
    sent = kept = strings = 0
    names = list(TEXTS)
    for route in sorted(writing(), key=lambda route: "simulate" in route.path):
        someone = opener(route)
        knock = prepared(route, someone)
        for place in places_of(_schema(route), knock.body):
            chosen = [names[(strings + turn) % len(names)] for turn in range(each)]
            strings += 1
            for name in chosen:
                answer, verdict = _sent(knock, someone, place, TEXTS[name])
                sent += 1
                wrong += [f"{route} {'/'.join(map(str, place))}: {name}: {why}" for why in verdict]
                if answer.status_code < 300:
                    kept += 1
                    someone = opener(route)
                    knock = prepared(route, someone)
    asked, found = _in_addresses()
    report.note(strings=strings, sent=sent, taken=kept, paths_and_queries=asked)
    report.expect("texts that broke something", wrong + found, [])


def places_of(schema: dict[str, Any], body: Any) -> Iterator[tuple[Any, ...]]:
    """Where a string may stand: each member that the document has, through what the body has."""
    from abusing.doors import resolved

    schema = resolved(schema)
    if isinstance(body, list) and body:
        for inner in places_of(schema.get("items", {}), body[0]):
            yield (0, *inner)
    for name, member in schema.get("properties", {}).items():
        inner_schema = resolved(member)
        kind = inner_schema.get("type", "string")
        if kind == "string" or "string" in kind:
            yield (name,)
        elif isinstance(body, dict) and name in body:
            for inner in places_of(inner_schema, body[name]):
                yield (name, *inner)


def _schema(route: Any) -> dict[str, Any]:
    from abusing.doors import schema_of

    return schema_of(route) or {}


def _sent(knock: Any, someone: Any, place: tuple[Any, ...], text: str) -> tuple[Any, list[str]]:
    from abusing.experiments.assignment import written

    raw = json.dumps(_with(knock.body, place, text))
    spoiled = _Raw(knock, raw)
    started = time.perf_counter()
    answer, rows = written(spoiled, raw, someone)
    return answer, list(_judged(answer, rows, text, time.perf_counter() - started))


class _Raw:
    """A knock whose body is written already: no encoder of ours would write a lone surrogate."""

    def __init__(self, knock: Any, raw: str) -> None:
        self._knock = knock

    def by(self, someone: Any, raw: str) -> Any:
        names = {f"HTTP_{n.upper().replace('-', '_')}": v for n, v in self._knock.headers.items()}
        return someone.client.generic(
            self._knock.route.method,
            self._knock.route.url(self._knock.values),
            raw,
            content_type="application/json",
            **names,
        )


def _with(body: Any, place: tuple[Any, ...], text: str) -> Any:
    if not place:
        return text
    first, *rest = place
    if isinstance(body, list):
        return [_with(body[0], tuple(rest), text), *body[1:]]
    return {**body, first: _with(body.get(first), tuple(rest), text)}


def _judged(
    answer: Any, rows: set[tuple[str, str, str]], text: str, seconds: float
) -> Iterator[str]:
    if answer.status_code >= 500:
        yield f"{answer.status_code}"
    if seconds > SLOW_SECONDS * 5:
        yield f"took {seconds:.1f} s"
    for table, column, value in rows:
        said = json.loads(value)
        if isinstance(said, str) and MARK in said and text not in said and column != "search_text":
            yield f"{table}.{column} keeps {said[:80]!r}"


def _in_addresses() -> tuple[int, list[str]]:
    """In each parameter of a path that is no id, and each parameter of a query."""
    from abusing.doors import queries_of, routes
    from abusing.people import staff

    someone = staff()
    asked, wrong = 0, []
    for route in routes():
        values = dict.fromkeys(route.parameters, "01890000-0000-7000-8000-000000000000")
        for raw in RAW:
            said = raw.decode() if raw.startswith((b"%", b".")) else quote_from_bytes(raw)
            urls = [route.url({**values, name: said}) for name in route.parameters]
            if route.method == "GET":
                urls += [f"{route.url(values)}?{name}={said}" for name in queries_of(route)]
            for url in urls:
                answer = someone.client.generic(route.method, url)
                asked += 1
                if answer.status_code >= 500:
                    wrong.append(f"{route.method} {url[:120]}: {answer.status_code}")
    return asked, wrong


def _control(lab: Lab, report: Report, times: int) -> None:
    inside(lab, report, texts, times, "strict JSON")


@experiment(
    101,
    "each is refused, or kept as it came; never a 5xx",
    control=_control,
    guard="the strict reading of JSON",
    short=1,
    long=len(TEXTS),
)
def hard_texts(lab: Lab, report: Report, times: int) -> None:
    """NUL, lone surrogates, direction overrides, zero width, four bytes and very long, in every string."""
    inside(lab, report, texts, times)
