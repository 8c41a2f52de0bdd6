"""A TCP proxy between the shop and what it stands on: it can cut, hold up and refuse."""

import contextlib
import itertools
import socket
import threading
import time
from urllib.parse import urlsplit


class Proxy:
    """Listens on a loopback port and passes everything on to others, until it is told otherwise."""

    def __init__(self, *targets: tuple[str, int]) -> None:
        self.targets = list(targets)
        """Connections go to each in turn: whoever takes one out of the list balances a load."""
        self._turn = itertools.count()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self._listener.getsockname()[1]
        self.delay_seconds = 0.0
        """How long each piece of data is held up, each way."""
        self.refusing = False
        """New connections are closed at once, as by a server that is down."""
        self.hanging = False
        """Nothing passes any more, and nobody is told: a cable was pulled."""
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> int:
        """Break every connection that stands; how many there were."""
        with self._lock:
            standing = list(self._open)
            self._open.clear()
        for end in standing:
            with contextlib.suppress(OSError):
                # A reset, not an orderly goodbye: what was on its way is lost.
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                # Closing alone would leave it open for as long as a thread waits for data from it.
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        return len(standing) // 2

    def close(self) -> None:
        """No more connections, and none of those that stood."""
        self.refusing = True
        self._listener.close()
        self.cut()

    def _next(self) -> tuple[str, int]:
        targets = self.targets
        return targets[next(self._turn) % len(targets)]

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self.refusing:
                near.close()
                continue
            try:
                far = socket.create_connection(self._next(), timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            for end in (near, far):
                # Else the end of a long answer waits 40 ms for the other side's delayed ACK.
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65_536):
                if self.delay_seconds:
                    time.sleep(self.delay_seconds)
                while self.hanging:
                    time.sleep(0.02)
                sink.sendall(data)
        except OSError:
            pass
        finally:
            for end in (source, sink):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
            with self._lock:
                self._open -= {source, sink}


def address_of(url: str) -> tuple[str, int]:
    """Host and port of a URL."""
    parts = urlsplit(url)
    return str(parts.hostname), int(parts.port or 0)


def through(proxy: Proxy, url: str) -> str:
    """The same address, by way of the proxy."""
    return url.replace(f":{urlsplit(url).port}/", f":{proxy.port}/")
