"""The warehouse management system: its own stock, tasks that take their time, and callbacks that go astray.

A task is known by the shop's id for it. Each change of it has a number, and what is told of it, in an
answer or a callback, is all of it as of that number.
"""

import json
import sqlite3
import uuid
from typing import Any

from sandbox.clock import Clock
from sandbox.replies import Refusal, Reply, instant, text, uuid_text, whole
from sandbox.store import Store

KINDS = ("pick", "receipt")
CALLBACKS = ("", "duplicate", "reordered", "late", "lost")
LATE_SECONDS = 3600.0
_REORDERED_SECONDS = 1.0
_PAGE = 500
_OPEN = ("accepted", "working")


class Wms:
    """Takes tasks, works on them, tells of them."""

    def __init__(
        self, store: Store, webhook_url: str, seconds_per_step: float, clock: Clock
    ) -> None:
        """``webhook_url`` has ``{warehouse}`` in it. With no seconds, tasks wait until told to go on."""
        self._store = store
        self._webhook_url = webhook_url
        self._seconds = seconds_per_step
        self._clock = clock

    def create(self, body: dict[str, Any]) -> Reply:
        """A task; its id brings the same one again."""
        task_id, warehouse = uuid_text(body, "taskId"), text(body, "warehouse")
        kind = text(body, "kind")
        if kind not in KINDS:
            raise Refusal(422, "invalid", f"kind is one of {', '.join(KINDS)}")
        lines = _lines(body)
        request = json.dumps([warehouse, kind, lines], sort_keys=True)
        with self._store.transaction() as db:
            found = _row(db, task_id)
            if found is not None:
                if found["request"] not in {"", request}:
                    raise Refusal(422, "task_reused", "this id is of another task")
                return Reply(200, _view(db, found))
            due = self._clock.now() + self._seconds if self._seconds else None
            db.execute(
                "INSERT INTO wms_task VALUES (?, ?, ?, ?, 'accepted', 1, ?)",
                (task_id, warehouse, kind, request, due),
            )
            db.executemany(
                "INSERT INTO wms_line VALUES (?, ?, ?, 0, 0)",
                [(task_id, sku, units) for sku, units in lines.items()],
            )
            return Reply(201, _view(db, _found(db, task_id)))

    def cancel(self, task_id: str, body: dict[str, Any]) -> Reply:
        """Call a task off and put back what was picked; what arrived stays. One that never came never will."""
        with self._store.transaction() as db:
            row = _row(db, task_id)
            if row is None:
                db.execute(
                    "INSERT INTO wms_task VALUES (?, ?, ?, '', 'cancelled', 1, NULL)",
                    (task_id, text(body, "warehouse"), text(body, "kind")),
                )
            elif row["status"] == "completed" and row["kind"] == "receipt":
                raise Refusal(422, "completed", "the goods have arrived")
            elif row["status"] != "cancelled":
                if row["kind"] == "pick":
                    self._put_back(db, row)
                _move(db, task_id, "cancelled", None)
            return Reply(200, _view(db, _found(db, task_id)))

    def task(self, task_id: str) -> Reply:
        """A task as it stands."""
        with self._store.transaction() as db:
            return Reply(200, _view(db, _found(db, task_id)))

    def inventory(self, warehouse: str, after: str) -> Reply:
        """What lies on the shelves, by SKU; ``after`` goes on behind that one."""
        rows = self._store.rows(
            "SELECT * FROM wms_stock WHERE warehouse = ? AND sku > ? ORDER BY sku LIMIT ?",
            *(warehouse, after, _PAGE + 1),
        )
        items = [{"sku": row["sku"], "onHand": row["on_hand"]} for row in rows[:_PAGE]]
        return Reply(200, {"items": items, "next": items[-1]["sku"] if len(rows) > _PAGE else None})

    def callbacks(self) -> Reply:
        """The bodies of all callbacks, sent or not, in the order of what happened."""
        rows = self._store.rows(
            "SELECT body FROM webhook WHERE about LIKE 'wms:%' ORDER BY position"
        )
        return Reply(200, {"events": [json.loads(row["body"]) for row in rows]})

    def control(self, body: dict[str, Any]) -> Reply:
        """Say what lies there, what is not found or how it arrives, how callbacks go astray; or have work done."""
        warehouse = text(body, "warehouse")
        with self._store.transaction() as db:
            for sku, units in body.get("stock", {}).items():
                _put(db, warehouse, sku, int(units))
            for name in ("callbacks", "arrives"):
                if name in body:
                    _set(db, warehouse, name, body[name])
        for _step in range(int(body.get("steps", 0))):
            self.work_due(warehouse)
        return Reply(200, {})

    def work_due(self, warehouse: str = "") -> None:
        """Go a step on with every task whose time has come; with all of a warehouse, if one is named."""
        due = "status IN ('accepted', 'working') AND (due_at <= ? OR warehouse = ?)"
        seen = self._store.rows(
            f"SELECT id FROM wms_task WHERE {due} ORDER BY rowid",  # noqa: S608 nobody's words
            *(self._clock.now(), warehouse),
        )
        for task in seen:
            with self._store.transaction() as db:
                row = _found(db, task["id"])
                if row["status"] in _OPEN:
                    self._step(db, row)

    def _step(self, db: sqlite3.Connection, row: sqlite3.Row) -> None:
        """First half of what there is, then all."""
        last = row["status"] == "working"
        for line in _lines_of(db, row["id"]):
            if row["kind"] == "pick":
                self._pick(db, row["warehouse"], line, last=last)
            else:
                self._take_in(db, row["warehouse"], line, last=last)
        after = "completed" if last else "working"
        again = self._clock.now() + self._seconds if self._seconds and not last else None
        _move(db, row["id"], after, again)
        self._tell(db, _found(db, row["id"]))

    def _pick(
        self, db: sqlite3.Connection, warehouse: str, line: sqlite3.Row, *, last: bool
    ) -> None:
        wanted = line["quantity"] if last else line["quantity"] // 2
        shelf = _stock(db, warehouse, line["sku"])
        take = max(0, wanted - line["done"])
        if shelf is not None:
            take = min(take, shelf)
            _put(db, warehouse, line["sku"], shelf - take)
        _note(db, line, line["done"] + take, 0)

    def _take_in(
        self, db: sqlite3.Connection, warehouse: str, line: sqlite3.Row, *, last: bool
    ) -> None:
        told = _get(db, warehouse, "arrives", {}).get(line["sku"], {})
        good, bad = told.get("good", line["quantity"]), told.get("damaged", 0)
        if not last:
            good, bad = good // 2, 0
        shelf = _stock(db, warehouse, line["sku"]) or 0
        _put(db, warehouse, line["sku"], shelf + good - line["done"])
        _note(db, line, good, bad)

    def _put_back(self, db: sqlite3.Connection, row: sqlite3.Row) -> None:
        for line in _lines_of(db, row["id"]):
            shelf = _stock(db, row["warehouse"], line["sku"])
            if shelf is not None:
                _put(db, row["warehouse"], line["sku"], shelf + line["done"])
            _note(db, line, 0, 0)

    def _tell(self, db: sqlite3.Connection, row: sqlite3.Row) -> None:
        mode = _get(db, row["warehouse"], "callbacks", "")
        now = self._clock.now()
        due: float | None = now
        if mode == "lost" or not self._webhook_url:
            due = None
        elif mode == "late":
            due = now + LATE_SECONDS
        elif mode == "reordered" and row["status"] != "completed":
            due = now + _REORDERED_SECONDS
        event = {
            "id": f"evt_{uuid.uuid4().hex}",
            "type": "task.updated",
            "occurredAt": instant(now),
            "task": _view(db, row),
        }
        db.execute(
            "INSERT INTO webhook (id, url, about, body, copies, next_try_at) VALUES (?, ?, ?, ?, ?, ?)",
            (
                event["id"],
                self._webhook_url.format(warehouse=row["warehouse"]),
                f"wms:{row['id']}",
                json.dumps(event),
                3 if mode == "duplicate" else 1,
                due,
            ),
        )


def _lines(body: dict[str, Any]) -> dict[str, int]:
    found = body.get("lines")
    if not isinstance(found, list) or not found or not all(isinstance(x, dict) for x in found):
        raise Refusal(422, "invalid", "lines must be a list of objects")
    return {text(line, "sku"): whole(line, "quantity") for line in found}


def _row(db: sqlite3.Connection, task_id: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM wms_task WHERE id = ?", (task_id,)
    ).fetchone()
    return row


def _found(db: sqlite3.Connection, task_id: str) -> sqlite3.Row:
    row = _row(db, task_id)
    if row is None:
        raise Refusal(404, "no_such_task", f"no task {task_id}")
    return row


def _lines_of(db: sqlite3.Connection, task_id: str) -> list[sqlite3.Row]:
    return db.execute("SELECT * FROM wms_line WHERE task = ? ORDER BY sku", (task_id,)).fetchall()


def _view(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    return {
        "taskId": row["id"],
        "warehouse": row["warehouse"],
        "kind": row["kind"],
        "status": row["status"],
        "sequence": row["sequence"],
        "lines": [
            {
                "sku": line["sku"],
                "quantity": line["quantity"],
                "done": line["done"],
                "damaged": line["damaged"],
            }
            for line in _lines_of(db, row["id"])
        ],
    }


def _move(db: sqlite3.Connection, task_id: str, status: str, due: float | None) -> None:
    db.execute(
        "UPDATE wms_task SET status = ?, sequence = sequence + 1, due_at = ? WHERE id = ?",
        (status, due, task_id),
    )


def _note(db: sqlite3.Connection, line: sqlite3.Row, done: int, damaged: int) -> None:
    db.execute(
        "UPDATE wms_line SET done = ?, damaged = ? WHERE task = ? AND sku = ?",
        (done, damaged, line["task"], line["sku"]),
    )


def _stock(db: sqlite3.Connection, warehouse: str, sku: str) -> int | None:
    """None of what was never told of: it is found whenever it is asked for."""
    row = db.execute(
        "SELECT on_hand FROM wms_stock WHERE warehouse = ? AND sku = ?", (warehouse, sku)
    ).fetchone()
    return int(row["on_hand"]) if row else None


def _put(db: sqlite3.Connection, warehouse: str, sku: str, on_hand: int) -> None:
    db.execute(
        "INSERT INTO wms_stock VALUES (?, ?, ?) "
        "ON CONFLICT (warehouse, sku) DO UPDATE SET on_hand = excluded.on_hand",
        (warehouse, sku, on_hand),
    )


def _set(db: sqlite3.Connection, warehouse: str, name: str, value: Any) -> None:
    if name == "callbacks" and value not in CALLBACKS:
        raise Refusal(422, "invalid", f"callbacks is one of {', '.join(CALLBACKS)}")
    db.execute(
        "INSERT INTO wms_setting VALUES (?, ?, ?) "
        "ON CONFLICT (warehouse, name) DO UPDATE SET value = excluded.value",
        (warehouse, name, json.dumps(value)),
    )


def _get(db: sqlite3.Connection, warehouse: str, name: str, default: Any) -> Any:
    row = db.execute(
        "SELECT value FROM wms_setting WHERE warehouse = ? AND name = ?", (warehouse, name)
    ).fetchone()
    return json.loads(row["value"]) if row else default
