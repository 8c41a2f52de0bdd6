"""Child processes that never outlive us, and the unprivileged user that servers run as."""

import contextlib
import ctypes
import os
import pwd
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1


class LaunchError(Exception):
    """The shop cannot start, with what the person at the keyboard can do about it."""


def die_with_parent(death_signal: signal.Signals, parent: int) -> Callable[[], None]:
    """What a child runs between fork and exec so that the kernel signals it when we are gone.

    It must run after the change of user, which clears the request. Linux only; elsewhere a killed
    parent leaves its children, and the next start says so.
    """
    if not sys.platform.startswith("linux"):
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def follow_parent(death_signal: signal.Signals = signal.SIGKILL) -> None:
    """End this process when the one that started it is gone: for the children of our children."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)


def spawn(
    command: Sequence[str | Path],
    *,
    log: IO[bytes] | int | None = None,
    env: Mapping[str, str] | None = None,
    uid: int | None = None,
    gid: int | None = None,
    cwd: str | Path = "/",
    death_signal: signal.Signals = signal.SIGKILL,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a child in a process group of its own that dies when we do, even by SIGKILL.

    Call it from a thread that lives as long as we do: to the kernel, the parent is the thread.
    """
    ask = die_with_parent(death_signal, os.getpid())
    identity: dict[str, Any] = {}
    if uid is not None and uid != os.geteuid():
        identity = {"user": uid, "group": gid, "extra_groups": ()}
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=stdin,
        stdout=log,
        stderr=subprocess.STDOUT if log is not None else None,
        env=dict(env) if env is not None else None,
        cwd=str(cwd),
        start_new_session=True,
        preexec_fn=ask,
        **identity,
    )


def stop(
    process: subprocess.Popen[bytes],
    *,
    seconds: float,
    first: signal.Signals | None = signal.SIGTERM,
    group: bool = True,
) -> bool:
    """Ask a child to end (``first`` None: it has been asked), then kill what is left of its process
    group. True if it went by itself."""
    if first is not None:
        process.send_signal(first)
    try:
        process.wait(seconds)
        went = True
    except subprocess.TimeoutExpired:
        went = False
    if group:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    if not went:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.wait()
    return went


def server_user() -> tuple[int, int]:
    """Who the database and the cache run as: ourselves, or nobody where we are root.

    PostgreSQL refuses to run as root.
    """
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return nobody.pw_uid, nobody.pw_gid


def open_to_everyone(path: Path) -> bool:
    """May a user who owns nothing here read this path?"""
    path = path.resolve()
    if not path.stat().st_mode & 0o004:
        return False
    return all(parent.stat().st_mode & 0o001 for parent in (path, *path.parents) if parent.is_dir())


def free_port(preferred: int | None = None, host: str = "127.0.0.1") -> int:
    """A port that nobody listens on: the preferred one where it is free."""
    for candidate in (preferred or 0, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise LaunchError(f"No free port on {host}.")


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log, for a person to read."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
