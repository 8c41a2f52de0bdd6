"""One shop's folder, one run at a time."""

import json
import socket
import stat
from pathlib import Path

import pytest

from launcher.datadir import open_data_dir
from launcher.processes import LaunchError


def test_a_second_run_on_the_same_folder_is_told_who_has_it(tmp_path: Path) -> None:
    first = open_data_dir(tmp_path)

    with pytest.raises(LaunchError, match=r"already runs \(process \d+\)"):
        open_data_dir(tmp_path)

    first.close()
    open_data_dir(tmp_path).close()


def test_secrets_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    data = open_data_dir(tmp_path)

    made = data.secrets()

    assert set(made) == {"SECRET_KEY", "PAYMENT_WEBHOOK_SECRET"}
    assert data.secrets() == made
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o600
    data.close()


def test_a_server_keeps_its_port_unless_somebody_took_it(tmp_path: Path) -> None:
    data = open_data_dir(tmp_path)
    port = data.port_of("postgres")
    assert data.port_of("postgres") == port

    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", port))
        somebody.listen()
        assert data.port_of("postgres") != port

    assert set(json.loads((tmp_path / "ports.json").read_text())) == {"postgres"}
    data.close()


def test_where_the_servers_are_is_forgotten_when_the_shop_closes(tmp_path: Path) -> None:
    data = open_data_dir(tmp_path)
    data.publish_environment({"REDIS_URL": "redis://127.0.0.1:1/0"})
    assert data.environment_file.read_text() == "REDIS_URL=redis://127.0.0.1:1/0\n"

    data.close()

    assert not data.environment_file.exists()
