"""Servers for one run of the tests: started where the environment names none, gone with the run."""

import atexit
import os
import shutil
import tempfile
from collections.abc import MutableMapping
from pathlib import Path

from launcher.postgres import start_postgres
from launcher.processes import server_user
from launcher.valkey import start_valkey

PREFIX = "shop-test-"


def provide_servers(environment: MutableMapping[str, str]) -> None:
    """Put DATABASE_URL and REDIS_URL into the environment, starting a server for each that lacks."""
    if environment.get("DATABASE_URL") and environment.get("REDIS_URL"):
        return
    _clear_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    folder.chmod(0o711)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if not environment.get("REDIS_URL"):
        valkey = start_valkey(folder / "valkey", durable=False, log=folder / "valkey.log")
        atexit.register(valkey.stop)
        environment["REDIS_URL"] = valkey.url
    if not environment.get("DATABASE_URL"):
        postgres = start_postgres(folder / "postgres", durable=False, log=folder / "postgres.log")
        atexit.register(postgres.stop)
        environment["DATABASE_URL"] = postgres.url


def own_cache(environment: MutableMapping[str, str]) -> None:
    """Point each of pytest's parallel workers, and what it starts, at a Valkey database of its own."""
    worker = environment.get("PYTEST_XDIST_WORKER", "")
    if not worker or environment.get("SHOP_CACHE_OF") == worker:
        return
    server, _, number = environment["REDIS_URL"].rpartition("/")
    environment["REDIS_URL"] = f"{server}/{int(number or 0) + int(worker.removeprefix('gw'))}"
    environment["SHOP_CACHE_OF"] = worker


def _clear_leftovers() -> None:
    """Remove the folders of runs that were killed; their servers died with them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).split("-")[0]
        gone = owner.isdigit() and not Path(f"/proc/{owner}").exists()
        if gone and folder.stat().st_uid in (os.geteuid(), server_user()[0]):
            shutil.rmtree(folder, ignore_errors=True)
