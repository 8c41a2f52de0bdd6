"""Runs the part of an experiment that looks at a shop from inside: its URL map, its tables, its keys.

A process of its own with the shop's database and cache, so that each experiment has a fresh Django:
``python -m abusing.inside MODULE FUNCTION TIMES GUARD…``.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import django

from launcher.processes import tail
from proving.experiment import Report
from proving.lab import Lab
from proving.shop import ROOT

Inside = Callable[[Report, int], None]
SECONDS = 3600


def inside(lab: Lab, report: Report, part: Inside, times: int, *without: str) -> None:
    """Run the part in the lab's shop, without these guards; what it reports goes into the report."""
    log = lab.folder / "inside.log"
    with log.open("ab") as errors:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "abusing.inside",
             part.__module__, part.__name__, str(times), *without],
            cwd=ROOT,
            env={
                **lab.shop.environment,
                **lab.shop.seed_environment,
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
                "RATE_LIMIT_SCALE": "0",
                "LOG_LEVEL": "ERROR",
            },
            stdout=subprocess.PIPE,
            stderr=errors,
            timeout=SECONDS,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(tail(log, 30))
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    report.figures |= told["figures"]
    report.failures += told["failures"]


def main() -> None:
    module, function, times, *without = sys.argv[1:]
    django.setup()
    for guard in without:
        import_module("abusing.unguarded").SWITCHES[guard]()
    report = Report()
    getattr(import_module(module), function)(report, int(times))
    told = {"figures": report.figures, "failures": report.failures}
    sys.stdout.write("\n" + json.dumps(told, default=str) + "\n")
    sys.stdout.flush()
    # Not all that an experiment leaves running ends by itself.
    os._exit(0)


if __name__ == "__main__":
    main()
