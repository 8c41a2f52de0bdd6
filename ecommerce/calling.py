"""HTTP to systems outside: a deadline for the whole of a call, and a bound on what may come back.

Timeouts of HTTP libraries are for each read: a server that sends a byte now and then holds its caller
for as long as it likes, in the head of its answer as in the body. Here nothing that a call does on the
network, connecting and writing included, gets more time than is left until the deadline.

Nor does a call reach into our own network: a host is looked up once, and the connection is made to the
very address that was found to be public. Redirects are not followed.
"""

import math
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from ssl import SSLContext
from typing import Any

import httpcore

_HEADERS = (("Accept", "application/json"), ("User-Agent", "shop"))
_NEVER_SENT = (
    httpcore.ConnectError,
    httpcore.ConnectTimeout,
    httpcore.PoolTimeout,
    httpcore.UnsupportedProtocol,
)
_LOST = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError)
_CARRY_IPV4 = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""Networks whose addresses stand for IPv4 ones, private ones too."""
Resolve = Callable[[str, int], Sequence[str]]
_deadline: ContextVar[float] = ContextVar("deadline", default=math.inf)


class NoAnswer(Exception):
    """Nothing came back that can be used; ``certain`` says that the other side has not acted."""

    def __init__(self, why: str, *, certain: bool) -> None:
        super().__init__(why)
        self.certain = certain


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How long one waits, and for how much: for a connection, for each read, and for all of it together."""

    connect_seconds: float
    read_seconds: float
    whole_seconds: float
    body_bytes: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, in whole."""

    status: int
    body: bytes


class Peer:
    """A system outside with its kept connections: one per process, for all threads."""

    def __init__(
        self,
        url: str,
        patience: Patience,
        *,
        private: bool = False,
        resolve: Resolve | None = None,
        sockets: httpcore.NetworkBackend | None = None,
    ) -> None:
        """``private``: the address is the operator's own, from the settings, and may be within our network."""
        self._url = url.rstrip("/")
        self._patience = patience
        self._pool = httpcore.ConnectionPool(
            max_connections=50,
            max_keepalive_connections=10,
            keepalive_expiry=5.0,
            network_backend=_Network(
                sockets or httpcore.SyncBackend(), None if private else resolve or _look_up
            ),
        )

    def call(
        self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request and its answer. Raises NoAnswer, at the deadline at the latest, and for what is no address."""
        url = _address(self._url + path)
        try:
            with within(self._patience.whole_seconds), self._pool.stream(
                method,
                url,
                headers=[*_HEADERS, *(headers or {}).items()],
                content=body or None,
                extensions={"timeout": self._timeouts()},
            ) as response:  # fmt: skip
                return Answer(response.status, self._whole(response))
        except _NEVER_SENT as error:
            raise NoAnswer(repr(error), certain=True) from error
        except _LOST as error:
            raise NoAnswer(repr(error), certain=False) from error

    def _timeouts(self) -> dict[str, float]:
        patience = self._patience
        return {
            "connect": patience.connect_seconds,
            "pool": patience.connect_seconds,
            "read": patience.read_seconds,
            "write": patience.read_seconds,
        }

    def _whole(self, response: httpcore.Response) -> bytes:
        content = bytearray()
        for chunk in response.iter_stream():
            content += chunk
            if len(content) > self._patience.body_bytes:
                raise NoAnswer(
                    f"the answer has more than {self._patience.body_bytes} bytes", certain=False
                )
        return bytes(content)


def _address(text: str) -> httpcore.URL:
    try:
        return httpcore.URL(text)
    except (TypeError, ValueError) as error:  # not ASCII, or no port or host that could be one
        raise NoAnswer(f"no address: {error}", certain=True) from error


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """All calls made in the block take so long together at most; of nested ones the nearest deadline holds."""
    token = _deadline.set(min(_deadline.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _deadline.reset(token)


def _left(timeout: float | None, too_late: Callable[[str], Exception]) -> float:
    left = _deadline.get() - time.monotonic()
    if left <= 0:
        raise too_late("the deadline is over")
    return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """A connection on which nothing takes longer than the deadline of whoever uses it."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def is_public(address: str) -> bool:
    """Does the address belong to the open internet, whatever it is written as?"""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if any(found in network for network in _CARRY_IPV4):
            return False
    return found.is_global and not found.is_multicast


def _look_up(host: str, port: int) -> Sequence[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error
    return [str(address[4][0]) for address in found]


class _Network(httpcore.NetworkBackend):
    """The operating system's sockets, as streams with a deadline; with ``resolve``, to public addresses only."""

    def __init__(self, sockets: httpcore.NetworkBackend, resolve: Resolve | None) -> None:
        self._sockets = sockets
        self._resolve = resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        if self._resolve is not None:
            host = _public_address(self._resolve(host, port))
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(
            self._sockets.connect_tcp(host, port, left, local_address, socket_options or ())
        )


def _public_address(addresses: Sequence[str]) -> str:
    """The first, where all are public: who mixes in one that is not means us no good."""
    if not addresses or not all(map(is_public, addresses)):
        raise httpcore.ConnectError("the host has no public address")
    return addresses[0]
