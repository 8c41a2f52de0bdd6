"""Keeps the shop's processes running, notices the death of each, and stops them in order."""

import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launcher.processes import LaunchError, spawn, stop, tail

MOST_DEATHS = 5
WITHIN_SECONDS = 60.0
LAST_STAGE = 100
LARGE_LOG_BYTES = 20_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """A program of the shop and how to treat it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    grace_seconds: float = 15.0
    """How long it may take to finish what it does when asked to stop."""
    revive: bool = True
    """Start it again when it dies; else its death ends the run."""
    stage: int = 0
    """When it stops: the lower ones go first, those of one stage together."""


@dataclass(slots=True)
class Running:
    """A service's present process. ``halt`` stops it; servers bring a way of their own."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stage: int
    service: Service | None = None
    halt: Callable[[], None] | None = None
    deaths: deque[float] = field(default_factory=deque)


class ServiceDied(LaunchError):
    """A process of the shop ended and is not to be, or cannot be, started again."""


class Supervisor:
    """Starts in order, stops in stages: who serves first, what they stand on last."""

    def __init__(self, logs: Path, *, tell: Callable[[str], None]) -> None:
        self.logs = logs
        self.tell = tell
        self.running: list[Running] = []
        self.settled = False
        """Has everything come up? What has not yet need not be given time to finish its work."""

    def adopt(
        self, name: str, process: subprocess.Popen[bytes], log: Path, halt: Callable[[], None]
    ) -> None:
        """Watch a server that was started elsewhere; it stops in its own way, after all services,
        the later one before the earlier."""
        stage = LAST_STAGE - len(self.running)
        self.running.append(Running(name, process, log, stage, halt=halt))

    def start(self, service: Service) -> None:
        """Start a service; its output goes to a log of its name."""
        log = self.logs / f"{service.name}.log"
        _turn(log)
        running = Running(service.name, _begin(service, log), log, service.stage, service=service)
        self.running.append(running)

    def look(self) -> None:
        """Start what has died again; raise ServiceDied where that is of no use."""
        for running in self.running:
            code = running.process.poll()
            if code is not None:
                self._revive(running, code)

    def watch(self, until: Callable[[], bool]) -> None:
        """Look after everything until it is time to stop."""
        while not until():
            self.look()
            time.sleep(0.2)

    def stop_all(self) -> None:
        """Stop everything, stage by stage; go on where one resists, and name it at the end."""
        resisted = []
        for stage in sorted({running.stage for running in self.running}):
            leaving = [running for running in reversed(self.running) if running.stage == stage]
            for running in leaving:
                if running.service is not None:
                    running.process.terminate()
            resisted += [
                f"{running.name} (see {running.log})"
                for running in leaving
                if not self._stop(running)
            ]
        self.running.clear()
        if resisted:
            raise LaunchError(f"Had to be killed: {', '.join(resisted)}")

    def _stop(self, running: Running) -> bool:
        if running.halt is not None:
            try:
                running.halt()
            except LaunchError:
                return False
            return True
        assert running.service is not None
        seconds = running.service.grace_seconds if self.settled else 1.0
        return stop(running.process, seconds=seconds, first=None) or not self.settled

    def _revive(self, running: Running, code: int) -> None:
        how = how_it_ended(code)
        now = time.monotonic()
        running.deaths.append(now)
        while running.deaths[0] < now - WITHIN_SECONDS:
            running.deaths.popleft()
        service = running.service
        if service is None or not service.revive or len(running.deaths) >= MOST_DEATHS:
            raise ServiceDied(
                f"{running.name} {how}. The end of {running.log}:\n{tail(running.log)}"
            )
        self.tell(f"{running.name} {how}; starting it again (log: {running.log})")
        running.process = _begin(service, running.log)


def _turn(log: Path) -> None:
    """Keep the former log beside the new one once it has grown large."""
    if log.exists() and log.stat().st_size > LARGE_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with code {code}"


def _begin(service: Service, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return spawn(
            service.command,
            log=output.fileno(),
            env={**service.environment, "SHOP_PROCESS": service.name},
            cwd=service.folder,
        )
