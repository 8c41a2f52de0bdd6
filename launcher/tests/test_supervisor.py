"""Processes are revived, named when they die for good, stopped in order, and never orphaned."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from launcher.processes import LaunchError
from launcher.supervisor import MOST_DEATHS, Service, ServiceDied, Supervisor

REPOSITORY = Path(__file__).resolve().parents[2]
SLEEP = "import time; time.sleep(600)"


def service(name: str, code: str = SLEEP, *, stage: int = 0, revive: bool = True) -> Service:
    return Service(
        name=name,
        command=[sys.executable, "-c", code],
        environment={"PATH": os.environ["PATH"]},
        folder=REPOSITORY,
        grace_seconds=0.5,
        stage=stage,
        revive=revive,
    )


def eventually(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, told: list[str]) -> Supervisor:
    made = Supervisor(tmp_path, tell=told.append)
    made.settled = True
    return made


def test_a_killed_process_is_started_again_and_its_death_is_told(
    supervisor: Supervisor, told: list[str]
) -> None:
    supervisor.start(service("worker"))
    first = supervisor.running[0].process
    first.kill()
    first.wait()

    supervisor.look()

    assert supervisor.running[0].process.pid != first.pid
    assert supervisor.running[0].process.poll() is None
    assert told[0].startswith("worker was killed by SIGKILL; starting it again")
    supervisor.stop_all()


def test_one_that_keeps_dying_ends_the_run_with_its_last_words(
    supervisor: Supervisor, told: list[str]
) -> None:
    supervisor.start(service("web", "print('the port is cursed'); raise SystemExit(3)"))

    with pytest.raises(ServiceDied, match=r"(?s)web ended with code 3.*the port is cursed"):
        supervisor.watch(until=lambda: False)

    assert len(told) == MOST_DEATHS - 1


def test_one_that_is_not_to_be_revived_ends_the_run_at_once(supervisor: Supervisor) -> None:
    supervisor.start(service("once", "raise SystemExit(1)", revive=False))

    with pytest.raises(ServiceDied, match="once ended with code 1"):
        supervisor.watch(until=lambda: False)


def test_lower_stages_are_gone_before_higher_ones_are_asked(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    told = "import signal, sys, time\n"
    told += "def go(*_):\n    print(time.monotonic(), flush=True)\n    sys.exit()\n"
    told += "signal.signal(signal.SIGTERM, go)\nprint('up', flush=True)\ntime.sleep(600)"
    for stage, name in enumerate(("web", "worker", "sandbox")):
        supervisor.start(service(name, told, stage=stage))
    eventually(lambda: all(log.read_text() for log in tmp_path.glob("*.log")))
    eventually(lambda: len(list(tmp_path.glob("*.log"))) == 3)

    supervisor.stop_all()

    when = {
        name: float((tmp_path / f"{name}.log").read_text().split()[1])
        for name in ("web", "worker", "sandbox")
    }
    assert when["web"] < when["worker"] < when["sandbox"]


def test_one_that_will_not_stop_is_killed_and_named(supervisor: Supervisor, tmp_path: Path) -> None:
    stubborn = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    supervisor.start(service("stubborn", f"{stubborn}print('up', flush=True)\ntime.sleep(600)"))
    process = supervisor.running[0].process
    eventually(lambda: (tmp_path / "stubborn.log").read_text() == "up\n")

    with pytest.raises(LaunchError, match="Had to be killed: stubborn"):
        supervisor.stop_all()

    assert process.poll() == -signal.SIGKILL


def test_a_killed_launcher_leaves_no_process_behind(tmp_path: Path) -> None:
    launcher = f"""
import sys, time
from pathlib import Path
from launcher.supervisor import Service, Supervisor
supervisor = Supervisor(Path({str(tmp_path)!r}), tell=print)
for name in ("web", "worker"):
    supervisor.start(Service(name=name, command=[sys.executable, "-c", {SLEEP!r}],
                             environment={{}}, folder=Path("/")))
print(*(running.process.pid for running in supervisor.running), flush=True)
time.sleep(600)
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", launcher], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    children = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(children) == 2
    assert all(alive(pid) for pid in children)

    parent.kill()
    parent.communicate()

    eventually(lambda: not any(alive(pid) for pid in children))
