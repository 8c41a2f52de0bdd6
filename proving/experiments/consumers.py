"""Workers that are killed while they carry events on, and events that they cannot digest."""

import random
import statistics
import time
from collections.abc import Callable
from functools import partial

from proving.experiment import Report, experiment
from proving.lab import Lab
from proving.shop import START_SECONDS, LiveShop, wait_until

TALLY = (
    "CREATE TABLE proving_tally (id bigserial PRIMARY KEY, event_id uuid, topic text,"
    " position bigint, lag_seconds float)",
    "CREATE INDEX ON proving_tally (event_id)",
    "CREATE TABLE proving_cure (found_at timestamptz)",
    "CREATE SEQUENCE proving_tries",
)
"""What the consumer of proving/tally.py writes to: no constraint of it would hide a repeat."""
UNTOLD = """
    SELECT (SELECT count(*) FROM outbox) + (
        SELECT count(*) FROM event_log l, event_consumer c
        WHERE c.name = 'proving.tally' AND l.event_type = ANY(c.event_types)
          AND NOT EXISTS (SELECT FROM proving_tally t WHERE t.event_id = l.event_id))"""
"""How many events the tally has still to be given."""
OUT_OF_ORDER = """
    SELECT topic, position FROM (
        SELECT topic, position, lag(position) OVER (PARTITION BY topic ORDER BY id) AS before
        FROM proving_tally) told
    WHERE position < before"""
GIVEN = "SELECT count(*), count(DISTINCT event_id) FROM proving_tally"

RELAYING = ("events.in_sequence", "events.after_sequence", "events.in_batch", "")
"""Where a worker dies; the last of them, anywhere."""
ACKNOWLEDGING = ("events.after_batch",)
WHOLE_WORKERS, ENOUGH_EVENTS = 20, 400
"""So many kills take a worker with all its processes; the others, one process of its pool."""
DRAIN_SECONDS = 10.0
TOPICS, TRIES = 10, 3
PAUSE_SECONDS = "0.05"
MANY_EVENTS, OTHERS_SLOWER = 5_000, 1.2
FEW_SLOWER, NOISE_SECONDS = 3.0, 0.5
"""By so much the lags of fewer events may differ: a look of a worker more or less decides them."""
EVENTS_A_WINDOW = 1_250


def with_tally(lab: Lab) -> LiveShop:
    """The lab's shop, with the tally among its consumers."""
    for statement in TALLY:
        lab.shop.execute(statement)
    lab.shop.environment["SHOP_TALLY"] = "yes"
    return lab.shop


def _die(shop: LiveShop, step: str, **guard: str) -> int:
    """Tell events and let a worker die over them, at that step or anywhere; how many were told."""
    told: int = shop.seed("told", "40", "3")
    faults = {"SHOP_FAULT": step, "SHOP_FAULT_AFTER": random.choice("135")} if step else {}
    shop.start_worker(pool="solo", **faults, **guard)
    assert shop.worker is not None
    left, deadline = shop.one(UNTOLD), time.monotonic() + 30
    while shop.worker.poll() is None and (step or shop.one(UNTOLD) == left):
        assert time.monotonic() < deadline, f"no worker came to {step or 'its work'}"
        time.sleep(0.02)
    told += shop.seed("told", "40", "3")
    time.sleep(0 if step else random.uniform(0, 0.3))
    shop.kill_worker()
    return told


def _die_often(shop: LiveShop, step: str, kills: int, **guard: str) -> int:
    """Let one process of a worker after another die at that step; how many events were told."""
    told, deadline = 0, time.monotonic() + START_SECONDS + 5 * kills
    shop.start_worker(pool="prefork", SHOP_FAULT=step, SHOP_FAULT_AFTER="2", **guard)
    while (died := shop.deaths_in_worker()) < kills:
        assert time.monotonic() < deadline, f"{died} of {kills} died at {step}"
        if shop.one(UNTOLD) < ENOUGH_EVENTS:
            told += shop.seed("told", "40", "3")
        time.sleep(0.05)
    shop.kill_worker()
    return told


def _drained(shop: LiveShop, **guard: str) -> float:
    """Start a worker that nothing happens to; how long it then takes to have carried everything on."""
    shop.start_worker(**guard)
    shop.await_worker()
    started = time.monotonic()
    wait_until(lambda: shop.one(UNTOLD) == 0, seconds=60, what="the end of the backlog")
    return time.monotonic() - started


def comes_about(condition: Callable[[], object], seconds: float) -> bool:
    """Whether it holds within this time."""
    try:
        wait_until(condition, seconds=seconds)
    except AssertionError:
        return False
    return True


def _killed(lab: Lab, report: Report, kills: int, steps: tuple[str, ...], **guard: str) -> None:
    shop = with_tally(lab)
    whole = min(kills, WHOLE_WORKERS)
    told = sum(_die(shop, steps[turn % len(steps)], **guard) for turn in report.rounds(whole))
    named = [step for step in steps if step]
    if kills > whole:
        # Forking takes a hundredth of the time that a worker takes to start.
        each = (kills - whole) // len(named)
        told += sum(_die_often(shop, named[turn], each) for turn in report.rounds(len(named)))
    seconds = _drained(shop, **guard)
    rest = lab.at_rest()
    given, events = shop.rows(GIVEN)[0]
    report.note(kills=kills, events=told, lost=told - events, doubled=given - events)
    report.note(backlog=f"gone {seconds:.1f} s after the restart")
    report.expect("lost events", told - events, 0)
    report.expect("doubled effects", given - events, 0)
    report.expect("effects out of order", shop.rows(OUT_OF_ORDER), [])
    report.expect_at_most("seconds to drain the backlog", seconds, DRAIN_SECONDS)
    report.expect_clean(rest)


_WITHOUT_OFFSET = {"DJANGO_SETTINGS_MODULE": "proving.unguarded", "SHOP_WITHOUT": "offset"}


def _relay_unguarded(lab: Lab, report: Report, kills: int) -> None:
    _killed(lab, report, kills // 2, RELAYING[2:3], **_WITHOUT_OFFSET)


@experiment(
    1,
    "every event has its effect once and in order; the backlog is gone 10 s after a restart",
    control=_relay_unguarded,
    guard="the offset in the transaction of the effects",
    short=4,
    long=200,
)
def killed_relay(lab: Lab, report: Report, kills: int) -> None:
    """Workers are killed while they carry events on."""
    _killed(lab, report, kills, RELAYING)


def _before_acknowledging_unguarded(lab: Lab, report: Report, kills: int) -> None:
    _killed(lab, report, kills, ACKNOWLEDGING, **_WITHOUT_OFFSET)


@experiment(
    2,
    "no effect is doubled",
    control=_before_acknowledging_unguarded,
    guard="the offset in the transaction of the effects",
    short=2,
    long=200,
)
def killed_before_acknowledging(lab: Lab, report: Report, kills: int) -> None:
    """Workers are killed after an effect and before they acknowledge it."""
    _killed(lab, report, kills, ACKNOWLEDGING)


_LAGS = "SELECT event_id, lag_seconds FROM proving_tally WHERE id > %s"
_LAST = "SELECT coalesce(max(id), 0) FROM proving_tally"
_DEAD = "SELECT attempts, status, count(*) FROM dead_letter GROUP BY 1, 2"
_TRIED = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM proving_tries"


def _notes(shop: LiveShop, events: int, poison: int = 0) -> int:
    return int(shop.seed("told", str(TOPICS), str(events // TOPICS), str(poison), PAUSE_SECONDS))


def _lags(shop: LiveShop, events: int, *, poison: int, dead: int) -> dict[str, float]:
    """Tell so many events, and poison among them; the lag of each that was processed meanwhile."""
    last = shop.one(_LAST)
    _notes(shop, events, poison)
    comes_about(lambda: shop.one(UNTOLD) == dead + poison, seconds=3 + events / 500)
    return dict(shop.rows(_LAGS, [last]))


def _p95(lags: dict[str, float]) -> float:
    return statistics.quantiles(lags.values(), n=20)[-1] if len(lags) > 1 else 0.0


def _poisoned(lab: Lab, report: Report, events: int, **guard: str) -> None:
    shop, usual, lags = with_tally(lab), dict[str, float](), dict[str, float]()
    shop.start_worker(**guard)
    _notes(shop, TOPICS)
    wait_until(lambda: shop.one(UNTOLD) == 0, seconds=60, what="a worker at work")
    # In turns: what else the machine does meanwhile slows those without poison as well.
    windows = max(1, events // EVENTS_A_WINDOW)
    each = events // windows
    poison = each // 100
    for window in report.rounds(windows):
        usual |= _lags(shop, each, poison=0, dead=window * poison)
        lags |= _lags(shop, each, poison=poison, dead=window * poison)
        if windows > 1:
            comes_about(partial(_have_died, shop, (window + 1) * poison), seconds=20)
    report.note(events=windows * each, poison=windows * poison, others_processed=len(lags))
    report.note(lag_p95=f"{_p95(lags):.2f} s", lag_p95_without_poison=f"{_p95(usual):.2f} s")
    report.expect("others processed", len(lags), windows * each)
    usually = _p95(usual)
    few = FEW_SLOWER * usually + NOISE_SECONDS
    limit = OTHERS_SLOWER * usually if events >= MANY_EVENTS else few
    report.expect_at_most("p95 of the others' lag in seconds", _p95(lags), limit)
    if not report.failures:
        _cured(shop, report, windows * poison)
    report.expect_clean(lab.at_rest())


def _have_died(shop: LiveShop, letters: int) -> bool:
    return bool(shop.one("SELECT count(*) FROM dead_letter") == letters)


def _cured(shop: LiveShop, report: Report, poison: int) -> None:
    """The poison dies after its tries; then its antidote is found, and every letter is delivered."""
    comes_about(lambda: shop.rows(_DEAD) == [(TRIES, "open", poison)], seconds=20)
    report.expect("dead letters by tries", shop.rows(_DEAD), [(TRIES, "open", poison)])
    report.expect("tries", shop.one(_TRIED), TRIES * poison)
    shop.execute("INSERT INTO proving_cure VALUES (now())")
    redriven = shop.seed("redriven", "proving.tally")
    comes_about(lambda: shop.one(UNTOLD) == 0, seconds=20)
    given, different = shop.rows(GIVEN)[0]
    report.note(dead_after_tries=TRIES, redriven=redriven)
    report.expect("redriven events that are not processed", shop.one(UNTOLD), 0)
    report.expect("doubled effects", given - different, 0)


def _poisoned_unguarded(lab: Lab, report: Report, events: int) -> None:
    guard = {"DJANGO_SETTINGS_MODULE": "proving.unguarded", "SHOP_WITHOUT": "parking"}
    _poisoned(lab, report, events, **guard)


@experiment(
    17,
    "the others are processed without delay; poison is a dead letter after its tries, and is redriven",
    control=_poisoned_unguarded,
    guard="the parking of what a consumer breaks on",
    short=600,
    long=10_000,
)
def poisoned(lab: Lab, report: Report, events: int) -> None:
    """Of a hundred events, a consumer breaks on one."""
    _poisoned(lab, report, events)
