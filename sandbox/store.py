"""The sandbox's own books: one SQLite file, one writer at a time."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS charge (
    payment_id TEXT PRIMARY KEY, merchant TEXT NOT NULL, merchant_reference TEXT NOT NULL,
    amount INTEGER NOT NULL, currency TEXT NOT NULL, method TEXT NOT NULL, created_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS operation (
    position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, attempt_id TEXT UNIQUE,
    payment_id TEXT NOT NULL REFERENCES charge, kind TEXT NOT NULL, amount INTEGER NOT NULL,
    outcome TEXT NOT NULL, decline_code TEXT NOT NULL, created_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS operation_of_charge ON operation (payment_id);
CREATE TABLE IF NOT EXISTS webhook (
    position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, url TEXT NOT NULL,
    about TEXT NOT NULL, body TEXT NOT NULL, copies INTEGER NOT NULL DEFAULT 1,
    tries INTEGER NOT NULL DEFAULT 0, next_try_at REAL
);
CREATE INDEX IF NOT EXISTS webhook_due ON webhook (next_try_at, position);
CREATE TABLE IF NOT EXISTS shipment (
    tracking TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, request TEXT NOT NULL, service TEXT NOT NULL,
    reference TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL, label BLOB NOT NULL,
    status TEXT NOT NULL, created_at REAL NOT NULL, next_move_at REAL
);
CREATE TABLE IF NOT EXISTS tracking (
    position INTEGER PRIMARY KEY AUTOINCREMENT, tracking TEXT NOT NULL, status TEXT NOT NULL,
    occurred_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS wms_task (
    id TEXT PRIMARY KEY, warehouse TEXT NOT NULL, kind TEXT NOT NULL, request TEXT NOT NULL,
    status TEXT NOT NULL, sequence INTEGER NOT NULL, due_at REAL
);
CREATE TABLE IF NOT EXISTS wms_line (
    task TEXT NOT NULL REFERENCES wms_task, sku TEXT NOT NULL, quantity INTEGER NOT NULL,
    done INTEGER NOT NULL, damaged INTEGER NOT NULL, PRIMARY KEY (task, sku)
);
CREATE TABLE IF NOT EXISTS wms_stock (
    warehouse TEXT NOT NULL, sku TEXT NOT NULL, on_hand INTEGER NOT NULL, PRIMARY KEY (warehouse, sku)
);
CREATE TABLE IF NOT EXISTS wms_setting (
    warehouse TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (warehouse, name)
);
"""


class Store:
    """A connection that threads take turns at."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            folder / "sandbox.sqlite3", check_same_thread=False, isolation_level=None
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is done within is kept, or none of it."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, sql: str, *parameters: object) -> list[sqlite3.Row]:
        """Read."""
        with self._lock:
            return self._connection.execute(sql, parameters).fetchall()

    def close(self) -> None:
        with self._lock:
            self._connection.close()
