"""A PostgreSQL of our own, from the wheel's programs: made once, started in a tenth of a second."""

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from launcher.places import postgres_programs, server_folder
from launcher.processes import LaunchError, free_port, server_user, spawn, stop, tail

ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
SETTINGS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=300",
    "shared_buffers=256MB",
    "max_locks_per_transaction=256",
    "random_page_cost=1.1",
    "wal_compression=on",
    "max_wal_size=2GB",
    "log_line_prefix=%m [%p] %a ",
    "scram_iterations=1024",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningPostgres:
    """A server that accepts connections, and how to reach it."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def stop(self) -> None:
        """Fast shutdown: sessions are ended, everything committed is on disk."""
        if not stop(self.process, seconds=15, first=signal.SIGINT):
            raise LaunchError(f"PostgreSQL had to be killed; see {self.log}")


def start_postgres(
    folder: Path,
    *,
    durable: bool,
    log: Path,
    port: int | None = None,
    database: str = "shop",
    also: Sequence[str] = (),
    within: Sequence[str] = (),
) -> RunningPostgres:
    """Start the server whose data is in the folder, made on first use; with settings of one's own last.

    A durable one survives power cuts; the other is for tests. ``within`` is a command that becomes the
    server, and its user, in surroundings that it makes. Raises LaunchError with the end of the server's log.
    """
    folder = server_folder(folder)
    password = _make_cluster(folder, log=log)
    _forget_stale_lock(folder)
    port = free_port(port)
    settings = (*SETTINGS, *(() if durable else THROWAWAY), *also)
    uid, gid = (None, None) if within else server_user()
    with log.open("ab") as output:
        process = spawn(
            [
                *within,
                postgres_programs() / "postgres",
                *("-D", folder / "cluster", "-p", str(port)),
                *(part for setting in settings for part in ("-c", setting)),
            ],
            log=output.fileno(),
            env=ENVIRONMENT,
            uid=uid,
            gid=gid,
            death_signal=signal.SIGINT if durable else signal.SIGQUIT,
        )
    address = f"postgres://shop:{password}@127.0.0.1:{port}"
    _wait_until_ready(f"{address}/postgres", process, log)
    _make_database(f"{address}/postgres", database)
    return RunningPostgres(process=process, url=f"{address}/{database}", log=log)


def _make_cluster(folder: Path, *, log: Path) -> str:
    """The superuser's password; initdb where there is no cluster yet, whole or not at all."""
    uid, gid = server_user()
    secret = folder / "password"
    cluster = folder / "cluster"
    if (cluster / "PG_VERSION").exists():
        _refuse_other_version(cluster)
        return secret.read_text().strip()
    password = secrets.token_hex(16)
    secret.touch(mode=0o600)
    secret.write_text(password)
    os.chown(secret, uid, gid)
    half = folder / f"cluster-{os.getpid()}"
    command = [
        str(postgres_programs() / "initdb"),
        *("-D", str(half), "-U", "shop", "--auth=scram-sha-256", f"--pwfile={secret}"),
        *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        *("--no-instructions", "-c", "scram_iterations=1024", "--no-sync"),
    ]
    with log.open("ab") as output:
        done = spawn(command, log=output.fileno(), env=ENVIRONMENT, uid=uid, gid=gid).wait()
    if done != 0:
        raise LaunchError(f"initdb failed in {folder}:\n{tail(log)}")
    half.rename(cluster)
    return password


def _refuse_other_version(cluster: Path) -> None:
    made_by = (cluster / "PG_VERSION").read_text().strip()
    told = subprocess.run([postgres_programs() / "postgres", "-V"], capture_output=True, text=True)
    ours = told.stdout.split()[-1].split(".")[0]
    if made_by != ours:
        raise LaunchError(
            f"The data in {cluster} was made by PostgreSQL {made_by}; this is {ours}. "
            "Dump it with the old version and load it here, or name another --data-dir."
        )


def _forget_stale_lock(folder: Path) -> None:
    """Remove the lock of a server that is gone; wait a moment for one that is going."""
    lock = folder / "cluster" / "postmaster.pid"
    deadline = time.monotonic() + 20
    while lock.exists():
        pid = int(lock.read_text().split()[0])
        if not _is_postgres(pid):
            lock.unlink(missing_ok=True)
            return
        if time.monotonic() > deadline:
            raise LaunchError(
                f"Another PostgreSQL (process {pid}) still runs on {folder}. "
                "Stop that shop first, or name another --data-dir."
            )
        time.sleep(0.1)


def _is_postgres(pid: int) -> bool:
    status = Path(f"/proc/{pid}/comm")
    if Path("/proc/self").exists():
        return status.exists() and status.read_text().strip() == "postgres"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
            return
        except psycopg.OperationalError as error:
            if process.poll() is not None:
                raise LaunchError(f"PostgreSQL did not start:\n{tail(log)}") from error
            if time.monotonic() > deadline:
                raise LaunchError(f"PostgreSQL does not answer: {error}\n{tail(log)}") from error
        time.sleep(0.03)


def _make_database(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone() is None:
            connection.execute(
                psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name))
            )
