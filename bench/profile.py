"""Draws a flame graph of the running web server while one path is under load."""

import subprocess
import sysconfig
from pathlib import Path

from bench.generator import Generator
from bench.paths import chosen
from bench.shop import Shop

SECONDS = 10
CLIENTS = 8
SAMPLES_A_SECOND = 100


def draw(name: str, shop: Shop, *, into: Path | None) -> int:
    """Write the graph (SVG, to be opened in a browser) of the first row of that name; says where."""
    paths = chosen([name])
    if not paths:
        raise SystemExit(f"no row's name holds {name!r}")
    path = paths[0]
    file = into or Path(f"{path.name.replace(' ', '-')}.svg")
    with Generator(shop.environment, shop.log("load")) as generator:
        generator.measure(path.name, clients=CLIENTS, seconds=1)
        sampler = subprocess.Popen(_command(shop.pids["web"], file), stderr=subprocess.PIPE)
        while sampler.poll() is None:
            generator.measure(path.name, clients=CLIENTS, seconds=2)
    assert sampler.stderr is not None
    if sampler.returncode != 0:
        raise SystemExit(f"py-spy: {sampler.stderr.read().decode()[-500:]}")
    print(f"{path.name}, {CLIENTS} clients, {SECONDS} s of every web process: {file}")
    return 0


def _command(pid: int, file: Path) -> list[str]:
    spy = Path(sysconfig.get_path("scripts")) / "py-spy"
    return [
        *(str(spy), "record", "--pid", str(pid), "--subprocesses", "--nonblocking"),
        *("--rate", str(SAMPLES_A_SECOND), "--duration", str(SECONDS), "--output", str(file)),
    ]
