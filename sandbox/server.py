"""The HTTP server: routes, and the ways in which an answer gets lost."""

import contextlib
import io
import json
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from sandbox.carrier import Carrier
from sandbox.clock import Clock
from sandbox.faults import FAULTS, Fault, Orders, fault_of
from sandbox.gateway import KINDS, Gateway
from sandbox.posting import Post
from sandbox.replies import Refusal, Reply, text
from sandbox.store import Store
from sandbox.wms import Wms

_MAX_BODY = 1_000_000
_SLOW_SECONDS = 2.0
_HANG_SECONDS = 30.0
_TRICKLE_SECONDS = 0.4
_FLOOD_BYTES = 32_000_000
Route = Callable[["Sandbox", dict[str, Any], str, tuple[str, ...]], Reply]


class Sandbox:
    """Gateway, carrier, warehouse, post and the faults that were ordered."""

    def __init__(
        self,
        store: Store,
        *,
        webhook_url: str,
        carrier_webhook_url: str,
        wms_webhook_url: str,
        secret: str,
        seconds_per_move: float,
        seconds_per_step: float,
    ) -> None:
        self.clock = Clock()
        self.gateway = Gateway(store, webhook_url)
        self.carrier = Carrier(store, carrier_webhook_url, seconds_per_move)
        self.wms = Wms(store, wms_webhook_url, seconds_per_step, self.clock)
        self.orders = Orders()
        self.post = Post(store, secret, self.clock)
        self.stopping = threading.Event()
        self._clock = threading.Thread(target=self._tick, name="parcels", daemon=True)

    def start(self) -> None:
        self.post.start()
        self._clock.start()

    def stop(self) -> None:
        self.stopping.set()
        self.post.stop()
        self._clock.join(timeout=5)

    def _tick(self) -> None:
        while not self.stopping.wait(0.2):
            self.carrier.move_due()
            self.wms.work_due()


def _operate(sandbox: Sandbox, body: dict[str, Any], key: str, path: tuple[str, ...]) -> Reply:
    wanted = sandbox.gateway.read(KINDS[path[0]], body, key)
    ordered = sandbox.orders.take(path[0])
    fault = ordered or fault_of(wanted.kind, wanted.method)
    if fault == "timeout":
        raise Lost(_HANG_SECONDS)
    if fault in {"unavailable", "error"}:
        raise Refusal(503 if fault == "unavailable" else 500, fault, "as ordered")
    reply = sandbox.gateway.operate(wanted, decline="ordered" if fault == "decline" else "")
    if fault == "lost_answer" and (ordered or reply.status == 201):
        raise Lost(0)
    if fault == "slow":
        time.sleep(_SLOW_SECONDS)
    return _in_manner(reply, fault)


def _in_manner(reply: Reply, fault: Fault) -> Reply:
    return replace(reply, manner=fault) if fault in {"trickle", "flood"} else reply


def _control(sandbox: Sandbox, body: dict[str, Any], _key: str, _path: tuple[str, ...]) -> Reply:
    scenario = text(body, "scenario", default="")
    if scenario and scenario not in FAULTS:
        raise Refusal(422, "invalid", f"scenario is one of {', '.join(FAULTS)}")
    times = body.get("times", 1)
    if type(times) is not int or times < 0:
        raise Refusal(422, "invalid", "times must be a whole number")
    fault: Fault = next((known for known in FAULTS if known == scenario), "")
    sandbox.orders.give(fault, times if fault else 0, text(body, "path", default=""))
    return Reply(200, {"scenario": scenario, "times": times})


def _carrier_book(sandbox: Sandbox, body: dict[str, Any], key: str, _p: tuple[str, ...]) -> Reply:
    fault = sandbox.orders.take("shipments")
    if fault in {"unavailable", "error"}:
        raise Refusal(503 if fault == "unavailable" else 500, fault, "as ordered")
    reply = sandbox.carrier.book(body, key)
    if fault == "lost_answer":
        raise Lost(0)
    return _in_manner(reply, fault)


def _wms(route: Route) -> Route:
    """The warehouse's answer, with the fault that was ordered for it."""

    def serve(sandbox: Sandbox, body: dict[str, Any], key: str, path: tuple[str, ...]) -> Reply:
        fault = sandbox.orders.take("wms")
        if fault == "timeout":
            raise Lost(_HANG_SECONDS)
        if fault in {"unavailable", "error"}:
            raise Refusal(503 if fault == "unavailable" else 500, fault, "as ordered")
        if fault == "decline":
            raise Refusal(422, "declined", "as ordered")
        reply = route(sandbox, body, key, path)
        if fault == "lost_answer":
            raise Lost(0)
        return _in_manner(reply, fault)

    return serve


def _go_ahead(sandbox: Sandbox, body: dict[str, Any], _key: str, _path: tuple[str, ...]) -> Reply:
    return Reply(200, {"aheadSeconds": sandbox.clock.go_ahead(float(body.get("seconds", 0)))})


_GETS: dict[str, Route] = {
    r"/_health": lambda s, b, k, p: Reply(200, {"status": "ok"}),
    r"/gateway/v1/attempts/([0-9a-f-]{36})": lambda s, b, k, p: s.gateway.attempt(p[0]),
    r"/gateway/v1/charges": lambda s, b, k, p: s.gateway.charges(),
    r"/gateway/v1/charges/([0-9a-f-]{36})": lambda s, b, k, p: s.gateway.charge(p[0]),
    r"/gateway/v1/events": lambda s, b, k, p: s.gateway.events(),
    r"/gateway/v1/totals": lambda s, b, k, p: s.gateway.totals(),
    r"/carrier/v1/shipments/([A-Z0-9]+)": lambda s, b, k, p: s.carrier.shipment(p[0]),
    r"/carrier/v1/shipments/([A-Z0-9]+)/label": lambda s, b, k, p: s.carrier.label(p[0]),
    r"/wms/v1/callbacks": lambda s, b, k, p: s.wms.callbacks(),
    r"/wms/v1/tasks/([0-9a-f-]{36})": _wms(lambda s, b, k, p: s.wms.task(p[0])),
    r"/wms/v1/warehouses/([\w-]+)/inventory/?([\w.-]*)": _wms(
        lambda s, b, k, p: s.wms.inventory(p[0], p[1])
    ),
}
_POSTS: dict[str, Route] = {
    r"/gateway/v1/(authorizations|captures|voids|refunds)": _operate,
    r"/carrier/v1/rates": lambda s, b, k, p: s.carrier.rates(b),
    r"/carrier/v1/shipments": _carrier_book,
    r"/carrier/v1/shipments/([A-Z0-9]+)/void": lambda s, b, k, p: s.carrier.void(p[0]),
    r"/wms/v1/tasks": _wms(lambda s, b, k, p: s.wms.create(b)),
    r"/wms/v1/tasks/([0-9a-f-]{36})/cancel": _wms(lambda s, b, k, p: s.wms.cancel(p[0], b)),
    r"/_control": _control,
    r"/_control/clock": _go_ahead,
    r"/_control/wms": lambda s, b, k, p: s.wms.control(b),
    r"/_control/tracking": lambda s, b, k, p: s.carrier.move(
        text(b, "trackingNumber"), text(b, "status", default="")
    ),
}
_ROUTES = {
    "GET": [(re.compile(path), route) for path, route in _GETS.items()],
    "POST": [(re.compile(path), route) for path, route in _POSTS.items()],
}


class Lost(Exception):
    """The connection is cut, after so many seconds, and nothing is answered."""

    def __init__(self, seconds: float) -> None:
        super().__init__("the answer is lost")
        self.seconds = seconds


class Handler(BaseHTTPRequestHandler):
    """One connection; requests on it one after the other."""

    sandbox: ClassVar[Sandbox]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: a run's terminal belongs to the shop."""

    def _serve(self, method: str) -> None:
        try:
            body = self._body()
            reply = self._dispatch(method, body)
            (self._trickle if reply.manner == "trickle" else self._answer)(reply)
        except Refusal as refusal:
            self._answer(refusal.reply)
        except Lost as lost:
            self.sandbox.stopping.wait(lost.seconds)
            self.close_connection = True
            with contextlib.suppress(OSError):  # whoever asked may have gone before
                self.connection.shutdown(socket.SHUT_RDWR)

    def _dispatch(self, method: str, body: dict[str, Any]) -> Reply:
        path = self.path.partition("?")[0]
        for pattern, route in _ROUTES[method]:
            match = pattern.fullmatch(path)
            if match:
                key = self.headers.get("Idempotency-Key", "").strip('"')
                return route(self.sandbox, body, key, match.groups())
        return Reply(404, {"code": "no_such_path", "detail": path})

    def _body(self) -> dict[str, Any]:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _MAX_BODY:
            self.close_connection = True
            raise Refusal(413, "too_large", "at most a megabyte")
        raw = self.rfile.read(int(length))
        if not raw:
            return {}
        try:
            body = json.loads(raw)
        except ValueError:
            raise Refusal(400, "not_json", "the body is no JSON") from None
        if not isinstance(body, dict):
            raise Refusal(400, "not_json", "the body is no JSON object")
        return body

    def _answer(self, reply: Reply) -> None:
        content = json.dumps(reply.body).encode() if reply.content is None else reply.content
        if reply.manner == "flood":
            content += b" " * _FLOOD_BYTES
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def _trickle(self, reply: Reply) -> None:
        """The answer byte by byte, its head too: each comes in time, the whole does not."""
        wire, self.wfile = self.wfile, io.BytesIO()
        self._answer(reply)
        whole, self.wfile = self.wfile.getvalue(), wire
        for byte in whole:
            wire.write(bytes([byte]))
            wire.flush()
            if self.sandbox.stopping.wait(_TRICKLE_SECONDS):
                return


class Server(ThreadingHTTPServer):
    """A thread per connection."""

    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hung up is no news; anything else is printed as usual."""
        import sys

        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)
