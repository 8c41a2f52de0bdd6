"""A disk of a few megabytes: ``python -m proving.disks FOLDER MEGABYTES UID GID COMMAND …`` gives the command one.

It is a tmpfs in a mount namespace of the command's own, so it ends with the command, and nobody else sees it. Root may
make one; everybody else within a user namespace, where the kernel lets them.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from launcher.processes import follow_parent, server_user

_NEW_MOUNTS, _NEW_USERS = 0x00020000, 0x10000000
_NO_SUID, _NO_DEVICES, _RECURSIVE, _PRIVATE = 2, 4, 0x4000, 0x40000


def with_disk(folder: Path, megabytes: int) -> list[str]:
    """What to put before a command so that the folder is a small disk for it; it runs as the servers' user."""
    root = Path(__file__).resolve().parents[1]
    start = ["/usr/bin/env", f"PYTHONPATH={root}", sys.executable, "-m", "proving.disks"]
    return [*start, *map(str, (folder, megabytes, *server_user()))]


def why_not(folder: Path) -> str:
    """Why this machine gives us no such disk; empty where it does."""
    done = subprocess.run(
        [*with_disk(folder, 1), "/bin/true"], capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


def main(folder: str, megabytes: str, uid: str, gid: str, *command: str) -> None:
    """Make the disk, become the user, and become the command."""
    try:
        _alone(int(uid), int(gid))
        _mount(folder, f"size={megabytes}m,mode=0700,uid={uid},gid={gid}")
    except OSError as error:
        sys.exit(f"no small disk can be made here: {error}")
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    follow_parent(signal.SIGINT)
    os.execv(command[0], command)


def _alone(uid: int, gid: int) -> None:
    """From here on mounts are ours alone."""
    if os.geteuid() == 0:
        _call("unshare", _NEW_MOUNTS)
    else:
        _call("unshare", _NEW_MOUNTS | _NEW_USERS)
        for name, line in (("setgroups", "deny"), *_as_ourselves(uid, gid)):
            Path(f"/proc/self/{name}").write_text(line)
    _call("mount", None, b"/", None, _RECURSIVE | _PRIVATE, None)


def _as_ourselves(uid: int, gid: int) -> Sequence[tuple[str, str]]:
    return ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")


def _mount(folder: str, options: str) -> None:
    kind = b"tmpfs"
    _call("mount", kind, folder.encode(), kind, _NO_SUID | _NO_DEVICES, options.encode())


def _call(function: str, *arguments: int | bytes | None) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, function)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{function}: {os.strerror(number)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
