"""The load: buyers of locust in a process of their own, told on its input what to do.

``python -m bench.load`` reads one JSON object a line (``Wanted``) and answers each with one line.
"""

from gevent import monkey

monkey.patch_all()

import dataclasses  # noqa: E402
import json  # noqa: E402
import math  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from typing import Any, NoReturn  # noqa: E402

import gevent  # noqa: E402
from gevent.event import Event  # noqa: E402
from locust import FastHttpUser, task  # noqa: E402
from locust.env import Environment  # noqa: E402
from locust.exception import StopUser  # noqa: E402

from bench.client import COUNT, decoded, encoded  # noqa: E402
from bench.cpu import Meter, Used  # noqa: E402
from bench.scenarios import SCENARIOS, Scenario, Shelf, read_shelf  # noqa: E402

WARM_TURNS = 3
LEAST_TURNS = 5
MOST_PREPARED = 2_000
PATIENCE_SECONDS = 300.0


class LocustClient:
    """A buyer's connection, kept open; it counts the statements of what it sends where that is asked for."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.kept: dict[str, Any] | None = None
        self.extra: dict[str, str] = {}
        self.statements = 0

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        content = encoded(body)
        if content is not None:
            headers["Content-Type"] = "application/json"
        answer = self._session.request(
            method, path, data=content, headers={**headers, **self.extra}, name="call"
        )
        self.statements += int(answer.headers.get(COUNT, 0) if answer.headers else 0)
        return decoded(method, path, answer.status_code, answer.content or b"")


@dataclasses.dataclass(slots=True)
class Round:
    """One scenario by so many buyers for so long: all prepare, then all begin at once."""

    scenario: Scenario
    shelf: Shelf
    clients: int
    seconds: float
    ready: int = 0
    begin: Event = dataclasses.field(default_factory=Event)
    over: Event = dataclasses.field(default_factory=Event)
    done: int = 0
    """Buyers who have gone home."""
    failure: str = ""
    latencies: list[float] = dataclasses.field(default_factory=list)
    items: list[list[Any]] = dataclasses.field(default_factory=list)
    """What each buyer has prepared; who has nothing left takes from who has most."""

    def take(self, own: list[Any]) -> Any:
        """Something prepared. Raises IndexError where there is nothing left at all."""
        return (own or max(self.items, key=len)).pop()


class Buyer(FastHttpUser):
    """One of them. Locust makes as many as are wanted."""

    abstract = True
    round: Round
    born = 0

    def on_start(self) -> None:
        self.shop = LocustClient(self.client)
        number, type(self).born = self.born, self.born + 1
        self._turn = number * 1_000_003
        self._items: list[Any] = []
        self.round.items.append(self._items)
        try:
            self._prepare()
        except Exception as error:
            self.round.failure = repr(error)
        self.round.ready += 1
        self.round.begin.wait()

    @task
    def turn(self) -> None:
        """One unit of work. What was begun in time counts to its end."""
        scenario = self.round.scenario
        try:
            if self.round.over.is_set():
                raise IndexError
            item = self._next() if scenario.make is None else self.round.take(self._items)
            milliseconds = self._timed(item)
        except IndexError:
            self._go_home()
        except Exception as error:
            self.round.failure = repr(error)
            self._go_home()
        self.environment.events.request.fire(
            request_type="turn", name=scenario.name, response_time=milliseconds,
            response_length=0, exception=None, context={},
        )  # fmt: skip

    def _go_home(self) -> NoReturn:
        self.round.done += 1
        if self.round.failure or self.round.done == self.round.clients:
            self.round.over.set()
        raise StopUser

    def _prepare(self) -> None:
        """Warm up, and make ready as many turns as may be taken in the time."""
        scenario = self.round.scenario
        spent = [self._timed(self._made()) for _ in range(WARM_TURNS)]
        if scenario.make is not None:
            wanted = max(LEAST_TURNS, math.ceil(self.round.seconds * 1500 / min(spent)))
            self._items += [self._made() for _ in range(min(wanted, MOST_PREPARED))]

    def _made(self) -> Any:
        make = self.round.scenario.make
        turn = self._next()
        return turn if make is None else make(self.round.shelf, self.shop, turn)

    def _next(self) -> int:
        self._turn += 1
        return self._turn

    def _timed(self, item: Any) -> float:
        started = time.perf_counter()
        self.round.scenario.act(self.round.shelf, self.shop, item)
        return (time.perf_counter() - started) * 1000


def run(scenario: Scenario, shelf: Shelf, *, clients: int, seconds: float, meter: Meter) -> Any:
    """Latencies in ms, turns per second, and CPU ms a turn of the web and the database processes."""
    this = Round(scenario, shelf, clients, seconds)
    buyer = type("Buyer", (Buyer,), {"host": shelf.url, "round": this, "born": 0})
    environment = Environment(user_classes=[buyer])
    runner = environment.create_local_runner()

    def keep(request_type: str, response_time: float, **_: Any) -> None:
        if request_type == "turn":
            this.latencies.append(response_time)

    environment.events.request.add_listener(keep)  # type: ignore[no-untyped-call]  # untyped upstream
    runner.start(clients, spawn_rate=100)
    with gevent.Timeout(PATIENCE_SECONDS, False):
        while this.ready < clients:
            gevent.sleep(0.01)
    if this.ready < clients:
        this.failure = f"not prepared within {PATIENCE_SECONDS:.0f} s"
    before, started = meter.read(), time.perf_counter()
    this.begin.set()
    if not this.failure:
        _let_run(this)
    this.over.set()
    _see_home(this)
    elapsed, used = time.perf_counter() - started, meter.read().since(before)
    runner.quit()
    if this.failure:
        raise RuntimeError(f"{scenario.name}: {this.failure}")
    return _summary(this.latencies, elapsed, used)


def _let_run(this: Round) -> None:
    """For the time wanted, and what is slow for long enough that a median means something."""
    this.over.wait(this.seconds)
    with gevent.Timeout(PATIENCE_SECONDS, False):
        while len(this.latencies) < LEAST_TURNS and not this.over.is_set():
            gevent.sleep(0.01)


def _see_home(this: Round) -> None:
    """Until everybody has finished what was begun: its CPU is in the figures, so it has to count."""
    with gevent.Timeout(PATIENCE_SECONDS, False):
        while not this.failure and this.done < this.clients:
            gevent.sleep(0.001)


def _summary(latencies: list[float], seconds: float, used: Used) -> dict[str, float]:
    ordered = sorted(latencies)
    if not ordered:
        raise RuntimeError("nothing was finished in time: give it more --seconds")
    return {
        "p50": ordered[len(ordered) // 2],
        "p95": ordered[int(len(ordered) * 0.95)],
        "per_second": len(ordered) / seconds,
        "web_cpu": used.web * 1000 / len(ordered),
        "database_cpu": used.database * 1000 / len(ordered),
    }


def count(scenario: Scenario, shelf: Shelf, *, how: str) -> float:
    """SQL statements of one turn, by the server's own count (``how`` "record" has them written down, too)."""
    environment = Environment(user_classes=[])
    user = type("Single", (FastHttpUser,), {"host": shelf.url})(environment)
    client = LocustClient(user.client)
    for turn in range(WARM_TURNS):
        item = turn if scenario.make is None else scenario.make(shelf, client, turn)
        client.extra = {COUNT: how} if turn == WARM_TURNS - 1 else {}
        scenario.act(shelf, client, item)
    return client.statements


def main() -> None:
    """Until the input ends."""
    meter = Meter(int(os.environ["BENCH_WEB_PID"]), os.environ["DATABASE_URL"])
    shelf = read_shelf(os.environ["BENCH_URL"])
    for line in sys.stdin:
        wanted = json.loads(line)
        scenario = SCENARIOS[wanted["scenario"]]
        try:
            shelf.sign_in()
            if how := wanted.get("count"):
                told: Any = {"statements": count(scenario, shelf, how=how)}
            else:
                told = run(
                    scenario, shelf, clients=wanted["clients"], seconds=wanted["seconds"],
                    meter=meter,
                )  # fmt: skip
        except Exception as error:
            told = {"error": repr(error)}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
