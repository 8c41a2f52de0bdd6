"""A Valkey of our own, from the wheel's program."""

import os
import secrets
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import redis

from launcher.places import server_folder, valkey_program
from launcher.processes import LaunchError, free_port, server_user, spawn, stop, tail


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningValkey:
    """A server that answers, and how to reach it."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def stop(self) -> None:
        """Let it write what it keeps, then go."""
        if not stop(self.process, seconds=10):
            raise LaunchError(f"Valkey had to be killed; see {self.log}")


def start_valkey(
    folder: Path, *, durable: bool, log: Path, port: int | None = None
) -> RunningValkey:
    """Start the server whose data is in the folder. A durable one keeps an append-only file.

    Its password goes in by standard input, so that no process list shows it.
    """
    folder = server_folder(folder)
    port = free_port(port)
    password = secrets.token_hex(16)
    uid, gid = server_user()
    with log.open("ab") as output:
        process = spawn(
            [valkey_program(), "-"],
            log=output.fileno(),
            env={"LC_ALL": "C", "PATH": os.defpath},
            uid=uid,
            gid=gid,
            stdin=subprocess.PIPE,
            death_signal=signal.SIGTERM,
        )
    assert process.stdin is not None
    process.stdin.write(_configuration(folder, port, password, durable).encode())
    process.stdin.close()
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    _wait_until_ready(url, process, log)
    return RunningValkey(process=process, url=url, log=log)


def _configuration(folder: Path, port: int, password: str, durable: bool) -> str:
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f'dir "{folder}"',
        f"requirepass {password}",
        "databases 64",
        "daemonize no",
        'save ""',
        f"appendonly {'yes' if durable else 'no'}",
        "appendfsync everysec",
    ]
    return "\n".join(lines) + "\n"


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    client = redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2)
    deadline = time.monotonic() + 60
    while True:
        try:
            client.ping()
        except redis.RedisError as error:
            if process.poll() is not None:
                raise LaunchError(f"Valkey did not start:\n{tail(log)}") from error
            if time.monotonic() > deadline:
                raise LaunchError(f"Valkey does not answer: {error}\n{tail(log)}") from error
            time.sleep(0.02)
        else:
            client.close()
            return
