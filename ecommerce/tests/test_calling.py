"""Calls to the outside end at their deadline, whatever the other side does."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from ecommerce.calling import NoAnswer, Patience, Peer, is_public, within

PATIENCE = Patience(connect_seconds=0.5, read_seconds=0.5, whole_seconds=1.0, body_bytes=1000)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"


@contextmanager
def served(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that reads a request and then does as it likes."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            try:
                while True:
                    connection, _ = listening.accept()
                    with connection:
                        connection.recv(65536)
                        answer(connection)
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def slowly(whole: bytes) -> Callable[[socket.socket], None]:
    def send(connection: socket.socket) -> None:
        for byte in whole:
            connection.sendall(bytes([byte]))
            time.sleep(0.1)

    return send


def test_an_answer_is_read_in_whole() -> None:
    with served(lambda connection: connection.sendall(HEAD % 4 + b"tea!")) as url:
        answer = Peer(url, PATIENCE, private=True).call("POST", "/", body=b"?")

    assert (answer.status, answer.body) == (200, b"tea!")


@pytest.mark.parametrize("whole", [HEAD % 1 + b"x", b"HTTP/1.1 200 OK\r\nX-" + b"y" * 900])
def test_a_head_that_trickles_ends_at_the_deadline(whole: bytes) -> None:
    with served(slowly(whole)) as url:
        assert_lost_in_time(url)


def test_a_body_that_trickles_ends_at_the_deadline() -> None:
    def answer(connection: socket.socket) -> None:
        connection.sendall(HEAD % 900)
        slowly(b"x" * 900)(connection)

    with served(answer) as url:
        assert_lost_in_time(url)


def test_a_body_is_read_up_to_its_bound_only() -> None:
    with (
        served(lambda connection: connection.sendall(HEAD % 2000 + b"x" * 2000)) as url,
        pytest.raises(NoAnswer, match="more than 1000 bytes") as lost,
    ):
        Peer(url, PATIENCE, private=True).call("GET", "/")

    assert not lost.value.certain


def test_the_nearest_of_two_deadlines_holds() -> None:
    with served(slowly(HEAD % 900)) as url, within(0.2):
        assert_lost_in_time(url, seconds=0.2)


def test_nobody_there_has_certainly_not_acted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]

    with pytest.raises(NoAnswer) as lost:
        Peer(f"http://127.0.0.1:{port}", PATIENCE, private=True).call("GET", "/")

    assert lost.value.certain


def assert_lost_in_time(url: str, *, seconds: float = PATIENCE.whole_seconds) -> None:
    started = time.monotonic()
    with pytest.raises(NoAnswer) as lost:
        Peer(url, PATIENCE, private=True).call("GET", "/")
    assert seconds - 0.05 < time.monotonic() - started < seconds + 0.4
    assert not lost.value.certain


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "[::ffff:7f00:1]"]
)
def test_our_own_network_is_not_asked_unless_the_operator_says_so(host: str) -> None:
    came = []
    with served(lambda connection: came.append(connection)) as url:
        port = url.rpartition(":")[2]
        with pytest.raises(NoAnswer) as refused:
            Peer(f"http://{host}:{port}", PATIENCE).call("GET", "/")

    assert refused.value.certain
    assert came == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_public_is_what_anybody_on_the_internet_can_reach(address: str, public: bool) -> None:
    assert is_public(address) is public
