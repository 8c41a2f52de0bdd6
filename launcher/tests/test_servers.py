"""The embedded servers: durable where they must be, closed to others, gone with their starter."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from launcher.postgres import start_postgres
from launcher.processes import LaunchError, server_user
from launcher.valkey import start_valkey

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that the servers' user can reach, as pytest's own temporary folders are not for root's."""
    made = Path(tempfile.mkdtemp(prefix="shop-launcher-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


def test_what_was_committed_survives_a_kill_of_the_server(folder: Path) -> None:
    first = start_postgres(folder / "pg", durable=True, log=folder / "pg.log")
    with psycopg.connect(first.url) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
        connection.execute("CREATE TABLE sale (id int)")
        connection.execute("INSERT INTO sale VALUES (1)")
    first.process.kill()
    first.process.wait()

    second = start_postgres(folder / "pg", durable=True, log=folder / "pg.log")

    with psycopg.connect(second.url) as connection:
        assert connection.execute("SELECT count(*) FROM sale").fetchone() == (1,)
    second.stop()
    assert second.process.returncode == 0


def test_the_lock_of_a_server_that_is_gone_does_not_keep_the_next_from_starting(
    folder: Path,
) -> None:
    start_postgres(folder / "pg", durable=False, log=folder / "pg.log").stop()
    lock = folder / "pg" / "cluster" / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n/elsewhere\n1\n5432\n\n127.0.0.1\n")

    again = start_postgres(folder / "pg", durable=False, log=folder / "pg.log")

    again.stop()


def test_nobody_gets_in_without_the_password(folder: Path) -> None:
    postgres = start_postgres(folder / "pg", durable=False, log=folder / "pg.log")
    valkey = start_valkey(folder / "vk", durable=False, log=folder / "vk.log")
    pg_port = postgres.url.rsplit(":", 1)[1].split("/")[0]
    vk_port = int(valkey.url.rsplit(":", 1)[1].split("/")[0])

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"postgres://shop@127.0.0.1:{pg_port}/shop")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=vk_port).ping()

    postgres.stop()
    valkey.stop()


def test_servers_do_not_run_as_root(folder: Path) -> None:
    valkey = start_valkey(folder / "vk", durable=True, log=folder / "vk.log")

    assert Path(f"/proc/{valkey.process.pid}").stat().st_uid == server_user()[0] != 0

    valkey.stop()


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    data = folder / "vk"
    data.mkdir(mode=0o700)
    os.chown(data, *server_user())
    (data / "appendonlydir").write_text("a file where Valkey wants a folder")

    with pytest.raises(LaunchError, match="Valkey did not start"):
        start_valkey(data, durable=True, log=folder / "vk.log")


def test_a_killed_test_run_leaves_no_server_behind() -> None:
    code = """
import os, time
from launcher.throwaway import provide_servers
environment = {}
provide_servers(environment)
print(os.popen(f"pgrep -P {os.getpid()}").read().split(), flush=True)
time.sleep(600)
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", code], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    children = [
        int(pid) for pid in parent.stdout.readline().strip("[]\n").replace("'", "").split(",")
    ]

    parent.send_signal(signal.SIGKILL)
    parent.communicate()

    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}/cwd").exists() for pid in children):
        assert time.monotonic() < deadline
        time.sleep(0.05)
