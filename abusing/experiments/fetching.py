"""Addresses that would have the shop ask its own network: every form of them, everywhere one may be written."""

import ast
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from abusing.inside import inside
from proving.experiment import Report, experiment
from proving.lab import Lab
from proving.shop import ROOT

NETWORKING = frozenset(
    {"httpx", "httpcore", "requests", "urllib3", "aiohttp", "http.client", "urllib.request",
     "socket", "ftplib", "smtplib", "telnetlib", "websockets"}
)  # fmt: skip
DOOR = "ecommerce/calling.py"
"""The one module that opens connections to systems outside."""
FORMS = (
    "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/",
    "http://169.254.169.254/latest/meta-data/", "http://2130706433:{port}/",
    "http://0177.0.0.1:{port}/", "http://0x7f.1:{port}/", "http://127.1:{port}/",
    "http://0.0.0.0:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://[64:ff9b::7f00:1]:{port}/",
    "http://10.0.0.1/", "http://100.64.0.1/", "http://[fd00::1]/", "http://[fe80::1]/",
    "http://public@127.0.0.1:{port}/", "http://127.0.0.1:{port}#@public/", "http://①②⑦.0.0.1:{port}/",
    "file:///etc/passwd", "gopher://127.0.0.1:{port}/_x", "dict://127.0.0.1:{port}/", "ftp://127.0.0.1:{port}/",
)  # fmt: skip
PUBLIC = "93.184.215.14"


class Canary:
    """A listener on this machine that counts who comes."""

    def __init__(self) -> None:
        self._sockets = [socket.create_server(("127.0.0.1", 0))]
        self.port: int = self._sockets[0].getsockname()[1]
        with suppress(OSError):  # a machine without IPv6
            self._sockets.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        self.came = 0
        for listening in self._sockets:
            threading.Thread(target=self._listen, args=(listening,), daemon=True).start()

    def _listen(self, listening: socket.socket) -> None:
        try:
            while True:
                connection, _ = listening.accept()
                self.came += 1
                moved = f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{self.port}/\r\nContent-Length: 0\r\n\r\n"
                with connection:
                    connection.sendall(moved.encode())
        except OSError:
            return

    def close(self) -> None:
        for listening in self._sockets:
            listening.close()


@contextmanager
def _canary() -> Iterator[Canary]:
    canary = Canary()
    try:
        yield canary
    finally:
        canary.close()


def forms(report: Report, times: int) -> None:
    """Every form of address, given to the one module that calls out; names that change their minds; redirects."""
    with _canary() as canary:
        for form in FORMS:
            _call(form.format(port=canary.port))
        called = canary.came
        rebound = _rebinding(canary)
        redirected = _redirected(canary)
        report.note(forms=len(FORMS), connections=called, names_that_change=len(rebound))
    report.expect("connections to an address that is not public", called, 0)
    report.expect("connections after a name changed its mind", rebound, [])
    report.expect("connections of a request that was redirected", redirected, 1)


def _call(url: str, **how: Any) -> None:
    from ecommerce.calling import NoAnswer, Patience, Peer

    patience = Patience(connect_seconds=0.3, read_seconds=0.3, whole_seconds=0.5)
    with suppress(NoAnswer):
        Peer(url, patience, **how).call("GET", "")


class Sockets:
    """A network of the experiment's own: it writes down where one goes, and nobody is there."""

    def __init__(self) -> None:
        self.went: list[str] = []

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> Any:
        import httpcore

        self.went.append(host)
        raise httpcore.ConnectError("nobody there")


def _rebinding(canary: Canary) -> list[str]:
    """A resolver of our own answers otherwise each time, or with several addresses at once."""
    found: list[str] = []
    answers: tuple[Sequence[Sequence[str]], ...] = (
        ([PUBLIC], ["127.0.0.1"]),
        (["127.0.0.1"], [PUBLIC]),
        ([PUBLIC, "127.0.0.1"],),
        (["::ffff:10.0.0.1"],),
        (["fe80::1%eth0"],),
        ([],),
    )
    for turns in answers:
        sockets, asked = Sockets(), iter(turns)
        _call(
            f"http://rebind.example:{canary.port}/",
            resolve=lambda host, port, asked=asked: next(asked),
            sockets=sockets,
        )
        found += [host for host in sockets.went if host != PUBLIC]
    return found


def _redirected(canary: Canary) -> int:
    """One connection, and none to where the answer sends us: this one is the operator's own address."""
    before = canary.came
    _call(f"http://127.0.0.1:{canary.port}", private=True)
    return canary.came - before


def written_everywhere(report: Report, each: int) -> None:
    """An address in every string of every door that writes, and in files; then all events are carried on."""
    import os

    from abusing.bodies import opener, prepared, writing
    from abusing.experiments.texts import _Raw, _schema, _with, places_of
    from ecommerce.events.testing import drain

    port, strings, sent = os.environ["CANARY_PORT"], 0, 0
    import json

    for route in sorted(writing(), key=lambda route: "simulate" in route.path):
        someone = opener(route)
        knock = prepared(route, someone)
        for place in places_of(_schema(route), knock.body):
            strings += 1
            for turn in range(each):
                url = FORMS[(strings + turn) % len(FORMS)].format(port=port)
                raw = json.dumps(_with(knock.body, place, url))
                answer = _Raw(knock, raw).by(someone, raw)
                sent += 1
                if answer.status_code < 300:
                    someone = opener(route)
                    knock = prepared(route, someone)
    _import_pictures(port)
    drain()
    report.note(strings=strings, addresses_written=sent)


def _import_pictures(port: str) -> None:
    """Product files name pictures by their addresses."""
    from django.core.files.base import ContentFile

    from ecommerce.jobs import services

    rows = ["Handle,Title,Variant SKU,Variant Price,Image Src,Variant Image"]
    for number, form in enumerate(FORMS):
        url = form.format(port=port)
        rows.append(f"ssrf-{number},Mug,SSRF-{number},1.00,{url},{url}")
    name = services.store_input("products.csv", ContentFile("\r\n".join(rows).encode()))
    params = {"format": "shopify-csv", "currency": "EUR"}
    job = services.start_job(
        kind="catalog.import_products", owner_id=None, params=params, input_path=name
    )
    services.run_job(job.id)


def callers() -> list[str]:
    """Code that reaches out by other means, or to an address that is not of the settings."""
    found: list[str] = []
    for folder in ("apps", "ecommerce", "sampleshop", "config"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if "/tests/" not in name and not name.endswith("testing.py"):
                found += _looked_at(path, name)
    return found


def _looked_at(path: Path, name: str) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and name != DOOR:
            modules = [one.name for one in node.names if not one.name.isupper()]
            if isinstance(node, ast.ImportFrom):
                modules = [f"{node.module}.{one}" for one in modules] + [node.module or ""] * bool(
                    modules
                )
            yield from (
                f"{name}:{node.lineno} imports {module}"
                for module in modules
                if module in NETWORKING
            )
        if isinstance(node, ast.Call) and _is_private(node):
            yield from _unless_from_settings(tree, node, name)


def _is_private(call: ast.Call) -> bool:
    """Is it a call to an address that may be within our own network, though no operator said that it may?"""
    return any(
        word.arg == "private"
        and not (isinstance(word.value, ast.Constant) and not word.value.value)
        and not ast.unparse(word.value).startswith("settings.")
        for word in call.keywords
    )


def _unless_from_settings(tree: ast.Module, call: ast.Call, name: str) -> Iterator[str]:
    """The module itself has to hand in an address of the settings, to whatever makes the peer."""
    carriers = {
        outer.name
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.ClassDef) and call in ast.walk(outer)
    }
    carriers |= {f"{one}_of".lower() for one in carriers}
    uses = [
        (other, node)
        for other in sorted((ROOT / "apps").rglob("*.py"))
        if "/tests/" not in str(other)
        for node in ast.walk(ast.parse(other.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in carriers
        and node.args
        and not isinstance(node.args[0], ast.Name)
    ]
    if not uses:
        yield f"{name}:{call.lineno}: nobody can see where the address comes from"
    for other, node in uses:
        if not ast.unparse(node.args[0]).startswith("settings."):
            yield f"{other.relative_to(ROOT)}:{node.lineno}: {ast.unparse(node.args[0])}"


def _fetched(lab: Lab, report: Report, each: int, *without: str) -> None:
    inside(lab, report, forms, 1, *without)
    with _canary() as canary:
        lab.shop.environment["CANARY_PORT"] = str(canary.port)
        inside(lab, report, written_everywhere, each, *without)
        report.note(connections_to_the_canary=canary.came)
        report.expect("connections to the canary", canary.came, 0)
    report.expect("code that reaches out past the guard", callers(), [])


def _control(lab: Lab, report: Report, each: int) -> None:
    inside(lab, report, forms, 1, "public addresses")


@experiment(
    28,
    "no connection to an address that is not public, and no redirect followed",
    control=_control,
    guard="the look at the address that a name leads to",
    short=1,
    long=len(FORMS),
)
def fetching(lab: Lab, report: Report, each: int) -> None:
    """Addresses of our own network in all their spellings, names that change their minds, redirects."""
    _fetched(lab, report, each)
