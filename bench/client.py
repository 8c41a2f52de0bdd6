"""A client that costs little: one kept connection per buyer, latencies in milliseconds."""

import http.client
import json
import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.floor import HEADER

_FORK = multiprocessing.get_context("fork")
_PATIENCE_SECONDS = 120


class Connection:
    """One client's connection to the shop; counts the statements of what it sends."""

    def __init__(self, port: int) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.statements = 0

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send and read; anything but success stops the measurement."""
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        self._http.request(method, path, content, headers)
        response = self._http.getresponse()
        answer = response.read()
        self.statements += int(response.headers.get(HEADER) or 0)
        if response.status not in (200, 201):
            raise RuntimeError(f"{method} {path}: {response.status} {answer[:300]!r}")
        return json.loads(answer)


Scenario = Callable[[Connection, int], None]
"""One unit of work, told its number so that clients do not all ask for the same thing."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Latencies in ms, work done per second, and SQL statements per unit of work."""

    p50: float
    p95: float
    per_second: float
    statements: float


def measure(
    scenario: Scenario,
    *,
    port: int,
    clients: int,
    seconds: float,
    prepare: Scenario | None = None,
) -> Measured:
    """Run it over and over with so many clients at once; the first tenth warms up.

    ``prepare`` runs before each turn and is neither timed nor counted.
    """
    results: Any = _FORK.Queue()
    workers = [
        _FORK.Process(target=_work, args=(scenario, prepare, port, number, seconds, results))
        for number in range(clients)
    ]
    for worker in workers:
        worker.start()
    told = [results.get(timeout=seconds + _PATIENCE_SECONDS) for _ in workers]
    for worker in workers:
        worker.join()
    failures = [one for one in told if isinstance(one, str)]
    if failures:
        raise RuntimeError(failures[0])
    return _summary([latency for latencies, _ in told for latency in latencies], told, seconds)


def _summary(latencies: Sequence[float], told: Sequence[Any], seconds: float) -> Measured:
    ordered = sorted(latencies)
    if not ordered:
        raise RuntimeError("nothing was finished in time: give it more --seconds")
    return Measured(
        p50=ordered[len(ordered) // 2],
        p95=ordered[int(len(ordered) * 0.95)],
        per_second=len(ordered) / seconds,
        statements=sum(statements for _, statements in told) / len(ordered),
    )


def _work(
    scenario: Scenario,
    prepare: Scenario | None,
    port: int,
    number: int,
    seconds: float,
    results: Any,
) -> None:
    try:
        results.put(_repeat(scenario, prepare or _nothing, port, number, seconds))
    except Exception as error:
        results.put(repr(error))


def _nothing(connection: Connection, turn: int) -> None:
    """What most scenarios need before a turn."""


def _repeat(
    scenario: Scenario, prepare: Scenario, port: int, number: int, seconds: float
) -> tuple[list[float], int]:
    connection = Connection(port)
    turn = number * 1_000_003
    begin = time.monotonic() + seconds / 10
    latencies: list[float] = []
    statements = 0
    while time.monotonic() < begin + seconds:
        prepare(connection, turn)
        connection.statements = 0
        started = time.perf_counter()
        scenario(connection, turn)
        if time.monotonic() > begin:
            latencies.append((time.perf_counter() - started) * 1000)
            statements += connection.statements
        turn += 1
    return latencies, statements
