"""Files that are meant to hurt whoever imports them, or whoever opens what is exported."""

import csv
import io
import statistics
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import httpx

from ecommerce.ids import new_id
from proving.buyer import Buyer
from proving.experiment import Report, experiment
from proving.lab import Lab
from proving.processes import resident
from proving.shop import wait_until

MORE_BYTES = 256 * 1024 * 1024
"""So much more memory than at rest may a worker take."""
REJECTED_SECONDS = 5
SLOWER, SLOWER_SHORTLY, NOISE_SECONDS = 1.3, 6.0, 0.025
IN_EARNEST = 1024
"""From so many megabytes on; a run of seconds says little about how long others wait."""
LONG_SECONDS = 3600
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "=cmd|' /C calc'!A0",
    "＝1",
    "'=1",
)
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FINISHED = ("SUCCEEDED", "FAILED", "CANCELLED")
MEGABYTE = 1024 * 1024
LINE = b"w" * 9_999 + b"\n"
HEADER = b"Handle,Title,Variant SKU,Variant Price\r\n"


class Endless(io.RawIOBase):
    """A file that is made while it is read: a beginning, then the same piece until it is as long as told."""

    def __init__(self, start: bytes, piece: bytes, size: int) -> None:
        self._rest, self._piece, self._left = start, piece * (MEGABYTE // len(piece) + 1), size

    def read(self, size: int = -1) -> bytes:
        wanted = min(self._left, MEGABYTE if size < 0 else size)
        while len(self._rest) < wanted:
            self._rest += self._piece
        given, self._rest = self._rest[:wanted], self._rest[wanted:]
        self._left -= len(given)
        return given

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Senders ask for the end, to know the length, and come back."""
        return self._left if whence == io.SEEK_END else 0


def _bomb(megabytes: int) -> bytes:
    """Zeros, packed a thousandfold, and packed again."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as outer, outer.open("0", "w") as zeros:
        for _ in range(megabytes):
            zeros.write(bytes(MEGABYTE))
    once = inner.getvalue()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as layers:
        for number in range(16):
            layers.writestr(f"{number}.zip", once)
    return packed.getvalue()


def _hostile(megabytes: int) -> dict[str, tuple[str, Any]]:
    """The format that each file pretends to have, and the file; all of them are to be refused."""
    return {
        "a zip bomb as csv": ("shopify-csv", io.BytesIO(_bomb(megabytes))),
        "a zip bomb as json lines": ("jsonl", io.BytesIO(_bomb(megabytes))),
        "ten million columns": ("shopify-csv", Endless(b"Handle,", b"c,", 20 * MEGABYTE)),
        "bad UTF-8 in the header": ("shopify-csv", io.BytesIO(b"Handle,\xff\xfe\r\na,b\r\n")),
        "one endless row": ("shopify-csv", Endless(HEADER, b"w", 64 * MEGABYTE)),
        "one endless line": ("jsonl", Endless(b'{"title": "', b"w", 64 * MEGABYTE)),
        "quotes without an end": ("shopify-csv", Endless(HEADER + b'a,"', LINE, 8 * MEGABYTE)),
    }


class Importer:
    """A merchandiser at a web server, who sends files and watches their jobs."""

    def __init__(self, lab: Lab, url: str) -> None:
        account = lab.shop.seed("staff", "merchandiser")
        self.buyer = Buyer(url=url)
        self.buyer.sign_in(account["email"], account["password"])
        self._url = url

    def send(self, name: str, content: BinaryIO | Any) -> dict[str, Any]:
        with self._client() as client:
            answer = client.post(
                "/imports/products",
                files={"file": ("products.csv", content)},
                data={"format": name},
            )
        answer.raise_for_status()
        return dict(answer.json())

    def ended(self, job: dict[str, Any], seconds: float = LONG_SECONDS) -> dict[str, Any]:
        """The job, when it is over."""
        found: dict[str, Any] = {}

        def over() -> bool:
            found.update(self.buyer.request("GET", f"/jobs/{job['id']}").json())
            return found["state"] in FINISHED

        wait_until(over, seconds=seconds, what="the end of an import")
        return found

    def exported(self) -> str:
        """All products as a spreadsheet gets them."""
        job = self.buyer.request("POST", "/exports/products", {"format": "shopify-csv"}).json()
        assert self.ended(job)["state"] == "SUCCEEDED"
        return self.buyer.request("GET", f"/jobs/{job['id']}/result").text

    def errors(self, job: dict[str, Any]) -> str:
        """The refused rows as a spreadsheet gets them."""
        return self.buyer.request("GET", f"/jobs/{job['id']}/errors.csv").text

    def _client(self) -> httpx.Client:
        return httpx.Client(
            base_url=f"{self._url}/api/v1",
            timeout=LONG_SECONDS,
            trust_env=False,
            headers={"Authorization": f"Bearer {self.buyer.access_token}"},
        )


@contextmanager
def _watched(lab: Lab, page: str) -> Iterator["Watch"]:
    """Memory of workers and web servers, and the waits of who looks at goods, while the block runs."""
    watch = Watch(lab, page)
    thread = threading.Thread(target=watch.run)
    thread.start()
    try:
        yield watch
    finally:
        watch.over.set()
        thread.join()


class Watch:
    """What is seen from outside while files come in."""

    def __init__(self, lab: Lab, page: str) -> None:
        self._lab, self._page = lab, page
        self.over = threading.Event()
        self.waits: list[float] = []
        self.before = self.resident()
        self.most = dict(self.before)

    def run(self) -> None:
        with httpx.Client(timeout=60, trust_env=False) as client:
            while not self.over.wait(0.05):
                started = time.monotonic()
                client.get(self._page).raise_for_status()
                self.waits.append(time.monotonic() - started)
                for name, size in self.resident().items():
                    self.most[name] = max(self.most.get(name, 0), size)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.waits, n=20)[-1]

    def more(self, name: str) -> int:
        """By how many bytes the greatest process of that kind grew, at most."""
        return self.most[name] - self.before[name]

    def resident(self) -> dict[str, int]:
        """The greatest process of each kind, in bytes."""
        shop = self._lab.shop
        assert shop.worker is not None
        return {
            "worker": resident(shop.worker.pid),
            "web": max(resident(web.pid) for web in shop.webs),
        }


def _imported(lab: Lab, report: Report, megabytes: int, *, url: str) -> None:
    goods = lab.shop.seed("goods", "5")
    lab.shop.settle()
    importer = Importer(lab, url)
    page = f"{url}/api/v1/storefront/products/{goods['productId']}"
    importer.ended(importer.send("shopify-csv", io.BytesIO(HEADER + b"warm,Warm,WARM,1.00\r\n")))
    with _watched(lab, page) as normal:
        time.sleep(5)
    slow = []
    with _watched(lab, page) as seen:
        for name, (kind, content) in _hostile(min(megabytes, 64)).items():
            sent = importer.send(kind, content)
            started = time.monotonic()
            job = importer.ended(sent)
            seconds = time.monotonic() - started
            if job["done"] and not job["refused"]:
                slow.append(f"{name} was taken: {job['state']}, {job['done']} rows")
            if seconds > REJECTED_SECONDS:
                slow.append(f"{name} took {seconds:.1f} s")
        huge = Endless(HEADER, b"h," + LINE[:-1] * 100 + b",S,1.00\r\n", megabytes * MEGABYTE)
        importer.ended(importer.send("shopify-csv", huge))
    leaking = _unneutralised(importer)
    report.note(
        worker_grew=f"{seen.more('worker') / MEGABYTE:.0f} MB",
        web_grew=f"{seen.more('web') / MEGABYTE:.0f} MB",
        streamed=f"{megabytes} MB",
        api_p95=f"{seen.p95 * 1000:.0f} ms (normal {normal.p95 * 1000:.0f})",
        formulas_left=len(leaking),
    )
    report.expect("files that were not refused, or not quickly", slow, [])
    report.expect("cells that a spreadsheet would run", leaking, [])
    for name in ("worker", "web"):
        report.expect_at_most(f"bytes more of a {name}", seen.more(name), MORE_BYTES)
    slower = SLOWER if megabytes >= IN_EARNEST else SLOWER_SHORTLY
    report.expect_at_most(
        "p95 meanwhile", seen.p95, slower * max(normal.p95, NOISE_SECONDS) + NOISE_SECONDS
    )


def _unneutralised(importer: Importer) -> list[str]:
    """Formulas in every text of products and in refused rows: cells that begin as one in what comes out."""
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerow(
        ["Handle", "Title", "Vendor", "Type", "Tags", "Variant SKU", "Variant Price", "SEO Title"]
    )
    for number, text in enumerate(FORMULAS):
        writer.writerow(
            [f"f-{number}", text + "!", text, text, text, f"F{new_id().hex[-9:]}", "1.00", text]
        )
        writer.writerow([f"bad-{number}", "Mug", "", "", "", f"B{new_id().hex[-9:]}", text, ""])
    job = importer.ended(importer.send("shopify-csv", io.BytesIO(rows.getvalue().encode())))
    assert job["refused"] < 2 * len(FORMULAS), job
    exported, refused = importer.exported(), importer.errors(job)
    assert exported.count("f-") >= len(FORMULAS) - 2, exported[:2000]
    return [
        cell
        for text in (exported, refused)
        for row in csv.reader(io.StringIO(text, newline=""))
        for cell in row
        if cell.startswith(STARTS)
    ]


def _control(lab: Lab, report: Report, megabytes: int) -> None:
    extra = {"DJANGO_SETTINGS_MODULE": "abusing.unguarded", "SHOP_WITHOUT": "formulas"}
    lab.shop.start_web(1, **extra)
    lab.shop.start_worker(**extra)
    lab.shop.await_worker()
    _imported(lab, report, 1, url=lab.shop.urls[0])


@experiment(
    27,
    "a worker grows by 256 MB at most, what is no product file is refused within 5 s, no formula comes out",
    control=_control,
    guard="the apostrophe before a formula",
    short=16,
    long=1024,
)
def files(lab: Lab, report: Report, megabytes: int) -> None:
    """Imports of formulas, a gigabyte, zip bombs, bad UTF-8 and ten million columns."""
    lab.shop.start_web(1)
    lab.shop.start_worker()
    lab.shop.await_worker()
    _imported(lab, report, megabytes, url=lab.shop.urls[0])
