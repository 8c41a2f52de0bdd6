"""Talks to the process that makes the load."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Measured:
    """Latencies in ms, work done per second, CPU ms per unit of work."""

    p50: float
    p95: float
    per_second: float
    web_cpu: float
    database_cpu: float


class Generator:
    """A context: the process is started on entry and ended on exit."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._environment = dict(environment)
        self._log = log

    def __enter__(self) -> "Generator":
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "bench.load"],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)

    def measure(self, scenario: str, *, clients: int, seconds: float) -> Measured:
        """Run it over and over with so many clients at once. Raises RuntimeError for a failed request."""
        told = self._ask({"scenario": scenario, "clients": clients, "seconds": seconds})
        return Measured(**told)

    def statements(self, scenario: str, *, record: bool = False) -> float:
        """SQL statements of one turn; on wish they are written down where the server keeps them."""
        how = "record" if record else "count"
        return float(self._ask({"scenario": scenario, "count": how})["statements"])

    def _ask(self, wanted: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the load generator is gone:\n{self._log.read_text()[-2000:]}")
        told: dict[str, Any] = json.loads(line)
        if "error" in told:
            raise RuntimeError(f"{wanted}: {told['error']}")
        return told
