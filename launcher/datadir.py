"""The folder that keeps a shop: its databases, media, logs, secrets and ports. One run at a time."""

import fcntl
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from launcher.processes import LaunchError, free_port

SECRETS = ("SECRET_KEY", "PAYMENT_WEBHOOK_SECRET")


@dataclass(frozen=True, kw_only=True, slots=True)
class DataDir:
    """The folder, locked for as long as this object's file is open."""

    path: Path
    lock: IO[str]

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def environment_file(self) -> Path:
        """What manage.py reads to find the running shop."""
        return self.path / "environment"

    @property
    def sample_mark(self) -> Path:
        """Says that the loading of the sample shop was begun and not finished."""
        return self.path / "sample-shop-unfinished"

    def secrets(self) -> dict[str, str]:
        """This shop's own secrets, made once."""
        file = self.path / "secrets"
        if not file.exists():
            _write_private(file, {name: secrets.token_urlsafe(48) for name in SECRETS})
        return dict(line.split("=", 1) for line in file.read_text().splitlines())

    def port_of(self, server: str) -> int:
        """A free port for an embedded server: the one it had the last time where possible."""
        file = self.path / "ports.json"
        ports = json.loads(file.read_text()) if file.exists() else {}
        ports[server] = free_port(ports.get(server))
        file.write_text(json.dumps(ports))
        return int(ports[server])

    def publish_environment(self, environment: Mapping[str, str]) -> None:
        """Tell manage.py where the running shop's servers are."""
        _write_private(self.environment_file, environment)

    def close(self) -> None:
        self.environment_file.unlink(missing_ok=True)
        self.lock.close()


def open_data_dir(path: Path) -> DataDir:
    """Make the folder where it is missing and take it for this run, or say who has it."""
    try:
        for folder in (path, path / "logs", path / "media"):
            folder.mkdir(parents=True, exist_ok=True)
        lock = (path / "lock").open("a+")
    except OSError as error:
        raise LaunchError(
            f"Cannot keep data in {path}: {error.strerror}. Name another --data-dir."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        raise LaunchError(
            f"The shop in {path} already runs (process {lock.read().strip() or 'unknown'}). "
            "Stop it with Ctrl-C where it was started, or name another --data-dir."
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return DataDir(path=path, lock=lock)


def _write_private(file: Path, values: Mapping[str, str]) -> None:
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
