"""A Mosquitto of the tests' own, and a device that speaks to it."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
PROGRAM = shutil.which("mosquitto", path=PATH)
MISSING = "NOT TESTED: there is no mosquitto here (Debian: apt-get install mosquitto)"


class Mosquitto:
    """Keeps sessions and messages in a file, so that it may be killed and started again."""

    def __init__(self, folder: Path, port: int, *, more: str = "allow_anonymous true") -> None:
        self.port = port
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "mosquitto.conf").write_text(
            f"listener {port} 127.0.0.1\n{more}\npersistence true\n"
            f"persistence_location {folder}/\nautosave_interval 1\nautosave_on_changes true\n"
            f"user root\nmax_queued_messages 0\n"
        )

    def start(self) -> None:
        assert PROGRAM is not None
        log = (self._folder / "log").open("ab")
        command = [PROGRAM, "-c", str(self._folder / "mosquitto.conf")]
        self._process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError((self._folder / "log").read_text())

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"


@contextmanager
def device(port: int, *, name: str = "sensor") -> Iterator[Any]:
    """Something that publishes; ``say(topic, payload)`` returns when the broker has it."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv5)
    client.connect("127.0.0.1", port)
    client.loop_start()

    def say(sku: str, payload: bytes | str, *, wait: bool = True) -> None:
        sent = client.publish(f"iot/inventory/{sku}/delta", payload, qos=1)
        if wait:
            sent.wait_for_publish(10)

    try:
        yield say
    finally:
        client.disconnect()
        client.loop_stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
