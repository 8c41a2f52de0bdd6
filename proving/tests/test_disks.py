"""A small disk is as small as was asked for, and nobody else sees what is on it."""

import subprocess
from pathlib import Path

import pytest

from launcher.places import server_folder
from proving.disks import why_not, with_disk

FILL = "head -c 9000000 /dev/zero > {0}/filler; stat -c %s {0}/filler; id -u"


def test_what_does_not_fit_is_not_written(folder: Path) -> None:
    disk = server_folder(folder / "disk")
    if reason := why_not(disk):
        pytest.skip(reason)

    script = FILL.format(disk)
    done = subprocess.run(
        [*with_disk(disk, 2), "/bin/sh", "-c", script], capture_output=True, text=True
    )

    written, user = done.stdout.split()
    assert int(written) == 2 * 1024 * 1024
    assert int(user) != 0
    assert "No space left on device" in done.stderr
    assert list(disk.iterdir()) == []
