"""The web server as it is started: it finishes what it has begun, and survives the death of a worker."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from launcher.processes import free_port, spawn, stop
from launcher.web import web_command

REPOSITORY = Path(__file__).resolve().parents[2]


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).text == "done"
    except httpx.HTTPError:
        return False


def until_it_answers(url: str) -> None:
    deadline = time.monotonic() + 30
    while not answers(url):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def web(port: int) -> Iterator[subprocess.Popen[bytes]]:
    application = "launcher.tests.slow_wsgi:application"
    process = spawn(
        web_command("127.0.0.1", port, workers=2, application=application),
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        cwd=REPOSITORY,
    )
    until_it_answers(f"http://127.0.0.1:{port}/")
    yield process
    stop(process, seconds=5)


def test_a_request_in_flight_is_answered_when_the_server_is_asked_to_stop(
    web: subprocess.Popen[bytes], port: int
) -> None:
    answer: list[httpx.Response] = []
    asking = threading.Thread(
        target=lambda: answer.append(httpx.get(f"http://127.0.0.1:{port}/slow", timeout=20))
    )
    asking.start()
    time.sleep(0.5)

    web.send_signal(signal.SIGTERM)
    asking.join()

    assert (answer[0].status_code, answer[0].text) == (200, "done")
    assert web.wait(20) == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/")


def test_a_killed_worker_is_replaced(web: subprocess.Popen[bytes], port: int) -> None:
    def workers() -> set[int]:
        children = Path(f"/proc/{web.pid}/task/{web.pid}/children").read_text().split()
        return {pid for pid in map(int, children) if b"granian" in _command_of(pid)}

    before = workers()
    victim = min(before)
    os.kill(victim, signal.SIGKILL)

    deadline = time.monotonic() + 30
    while len(workers() - {victim}) < len(before):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    until_it_answers(f"http://127.0.0.1:{port}/")


def _command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
