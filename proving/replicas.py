"""Copies of the lab's database: a standby that follows it, and one put back from a backup and its log."""

import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from launcher.places import postgres_programs, server_folder
from launcher.postgres import ENVIRONMENT, SETTINGS, RunningPostgres
from launcher.processes import free_port, server_user, spawn, tail
from proving.proxy import Proxy, through
from proving.shop import wait_until


def copy_of(primary: RunningPostgres, folder: Path, *, link: Proxy | None = None) -> Path:
    """A base backup of the running server; with a link, one that then follows the server by it."""
    folder = server_folder(folder)
    url = primary.url if link is None else through(link, primary.url)
    command = [
        *(str(postgres_programs() / "pg_basebackup"), "-d", url, "-c", "fast"),
        *("-D", str(folder / "cluster"), "-X", "stream", "--no-sync"),
        *([] if link is None else ["-R"]),
    ]
    _run(command, folder.parent / f"{folder.name}.log")
    return folder


def start_copy(folder: Path, primary: RunningPostgres) -> RunningPostgres:
    """Start a server on the copy; it recovers, or follows, by what lies in its folder."""
    port = free_port()
    log = folder.parent / f"{folder.name}.log"
    uid, gid = server_user()
    with log.open("ab") as output:
        process = spawn(
            [
                postgres_programs() / "postgres",
                *("-D", folder / "cluster", "-p", str(port)),
                *(part for setting in SETTINGS for part in ("-c", setting)),
            ],
            log=output.fileno(),
            env=ENVIRONMENT,
            uid=uid,
            gid=gid,
        )
    parts = urlsplit(primary.url)
    address = f"{parts.username}:{parts.password}@127.0.0.1:{port}"
    url = urlunsplit(parts._replace(netloc=address))
    started = RunningPostgres(process=process, url=url, log=log)
    wait_until(lambda: answers(started), seconds=60, what=f"the copy: {tail(log)}")
    return started


def answers(server: RunningPostgres) -> bool:
    """Does it take connections?"""
    try:
        psycopg.connect(server.url, connect_timeout=1).close()
    except psycopg.OperationalError:
        return False
    return True


def ask(server: RunningPostgres, sql: str) -> list[tuple[object, ...]]:
    """A statement on that server, outside of a transaction."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []


def open_for_writing(server: RunningPostgres, seconds: float = 60) -> float:
    """Until it has left recovery; how long that took."""
    started = time.monotonic()
    wait_until(lambda: _is_open(server), seconds=seconds, what="the end of the recovery")
    return time.monotonic() - started


def _is_open(server: RunningPostgres) -> bool:
    try:
        return ask(server, "SELECT pg_is_in_recovery()") == [(False,)]
    except psycopg.OperationalError:
        return False


def _run(command: list[str], log: Path) -> None:
    uid, gid = server_user()
    with log.open("ab") as output:
        code = spawn(command, log=output.fileno(), env=ENVIRONMENT, uid=uid, gid=gid).wait()
    if code != 0:
        raise subprocess.CalledProcessError(code, command[0], tail(log))
