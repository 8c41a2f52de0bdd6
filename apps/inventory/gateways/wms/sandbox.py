"""The sandbox's warehouse system: HTTP with JSON, and signed callbacks."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.conf import settings

from apps.inventory.errors import BadWarehouseSignature, UnreadableReport
from apps.inventory.gateways.wms.port import Message, OnShelf, Refused, Silent
from apps.inventory.types import (
    LotUnits,
    ReportedLine,
    ReportStatus,
    WarehouseReport,
    WarehouseTask,
)
from ecommerce.calling import Answer, NoAnswer, Patience, Peer
from ecommerce.signatures import holds

PATIENCE = Patience(connect_seconds=1.0, read_seconds=5.0, whole_seconds=8.0)
_NOT_NOW = frozenset({408, 409, 425, 429})
_MAX_UNITS = 1_000_000_000
_T = TypeVar("_T")


class _Lot(msgspec.Struct, rename="camel"):
    code: str
    quantity: int
    expires_on: date | None = None


class _Line(msgspec.Struct, rename="camel"):
    sku: UUID
    quantity: int
    done: int
    damaged: int = 0
    lots: tuple[_Lot, ...] = ()


class _Task(msgspec.Struct, rename="camel"):
    task_id: UUID
    warehouse: str
    status: ReportStatus
    sequence: int
    lines: tuple[_Line, ...]


class _Event(msgspec.Struct, rename="camel"):
    id: str
    task: _Task


class _Item(msgspec.Struct, rename="camel"):
    sku: UUID
    on_hand: int


class _Page(msgspec.Struct, rename="camel"):
    items: tuple[_Item, ...]
    next: str | None = None


class SandboxWms:
    """Speaks to ``SANDBOX_URL``."""

    def create_pick(self, task: WarehouseTask) -> WarehouseReport | None:
        """POST the task; its id is its own idempotency key."""
        return _report(_ask("POST", "/wms/v1/tasks", _question(task)))

    announce_receipt = create_pick

    def cancel(self, task: WarehouseTask) -> WarehouseReport | None:
        """POST …/cancel, which fences a task that has not arrived yet."""
        return _report(_ask("POST", f"/wms/v1/tasks/{task.id}/cancel", _question(task)))

    def find(self, task: WarehouseTask) -> WarehouseReport | None:
        """GET the task."""
        answer = _ask("GET", f"/wms/v1/tasks/{task.id}", None, missing_ok=True)
        return None if answer.status == 404 else _report(answer)

    def inventory(self, location: str, after: UUID) -> Iterator[list[OnShelf]]:
        """GET the stock, page by page."""
        last = str(after)
        while True:
            path = f"/wms/v1/warehouses/{location}/inventory/{last}"
            page = _read(_ask("GET", path, None), _Page)
            yield [OnShelf(sku_id=item.sku, on_hand=item.on_hand) for item in page.items]
            if not page.next or page.next <= last:
                return
            last = page.next

    def read_callback(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Message:
        """Signed in Sandbox-Signature by any of the comma-separated secrets."""
        kept = settings.WMS_WEBHOOK_SECRET or settings.PAYMENT_WEBHOOK_SECRET
        secrets = [secret for secret in kept.split(",") if secret]
        if not holds(body, headers.get("Sandbox-Signature", ""), secrets=secrets, now=now):
            raise BadWarehouseSignature
        if b"\\u0000" in body:
            raise UnreadableReport("PostgreSQL keeps no NUL.")
        try:
            event = msgspec.json.decode(body, type=_Event)
        except msgspec.MsgspecError as error:
            raise UnreadableReport(f"The message cannot be read: {error}") from error
        return Message(event_id=event.id[:150], report=_as_report(event.task))


@cache
def _peer(url: str) -> Peer:
    return Peer(url, PATIENCE, private=True)


def _ask(method: str, path: str, body: object, *, missing_ok: bool = False) -> Answer:
    try:
        answer = _peer(settings.SANDBOX_URL).call(
            method,
            path,
            body=b"" if body is None else msgspec.json.encode(body),
            headers={"Content-Type": "application/json"},
        )
    except NoAnswer as silence:
        raise Silent(str(silence)) from silence
    if answer.status >= 500 or answer.status in _NOT_NOW:
        raise Silent(f"status {answer.status}")
    if answer.status >= 400 and not (missing_ok and answer.status == 404):
        raise Refused(_why(answer))
    return answer


def _question(task: WarehouseTask) -> dict[str, Any]:
    return {
        "taskId": str(task.id),
        "warehouse": task.location,
        "kind": task.kind,
        "reference": str(task.order_id or task.reference),
        "lines": [{"sku": str(line.sku_id), "quantity": line.quantity} for line in task.lines],
    }


def _report(answer: Answer) -> WarehouseReport:
    try:
        return _as_report(_read(answer, _Task))
    except UnreadableReport as error:
        raise Silent(error.detail) from error


def _read(answer: Answer, shape: type[_T]) -> _T:
    try:
        return msgspec.json.decode(answer.body, type=shape)
    except msgspec.MsgspecError as error:
        raise Silent(f"the answer cannot be read: {error}") from error


def _as_report(task: _Task) -> WarehouseReport:
    if any(not _sane(line) for line in task.lines) or not 0 <= task.sequence < 2**62:
        raise UnreadableReport("Numbers are from zero to a billion.")
    return WarehouseReport(
        task_id=task.task_id,
        sequence=task.sequence,
        status=task.status,
        lines=tuple(
            ReportedLine(
                sku_id=line.sku,
                quantity=line.quantity,
                done=line.done,
                damaged=line.damaged,
                lots=tuple(
                    LotUnits(code=lot.code, quantity=lot.quantity, expires_on=lot.expires_on)
                    for lot in line.lots
                ),
            )
            for line in task.lines
        ),
    )


def _sane(line: _Line) -> bool:
    return all(0 <= units <= _MAX_UNITS for units in (line.quantity, line.done, line.damaged))


def _why(answer: Answer) -> str:
    try:
        body = msgspec.json.decode(answer.body)
    except msgspec.MsgspecError:
        return f"status {answer.status}"
    found = body if isinstance(body, dict) else {}
    return str(found.get("detail") or found.get("code") or f"status {answer.status}")[:200]
