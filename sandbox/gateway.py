"""The payment gateway: authorize, capture, void, refund, each once per attempt id."""

import json
import sqlite3
import time
import uuid
from dataclasses import dataclass
from typing import Any

from sandbox.faults import decline_of
from sandbox.replies import Refusal, Reply, instant, text, uuid_text, whole
from sandbox.store import Store

KINDS = {
    "authorizations": "authorize",
    "captures": "capture",
    "voids": "void",
    "refunds": "refund",
}
_LATE_SECONDS = {"authorize": 3.0, "capture": 1.5, "void": 0.5, "refund": 0.0}
_HISTORY = "SELECT * FROM operation WHERE payment_id = ? ORDER BY position"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request to move money."""

    kind: str
    attempt_id: str
    payment_id: str
    amount: int
    currency: str
    method: str
    merchant: str
    merchant_reference: str


class Gateway:
    """Decides, writes down, and puts a webhook into the post."""

    def __init__(self, store: Store, webhook_url: str) -> None:
        self._store = store
        self._webhook_url = webhook_url

    def read(self, kind: str, body: dict[str, Any], key: str) -> Wanted:
        """Understand a request. Raises Refusal."""
        attempt_id = uuid_text(body, "attemptId")
        if key and key != attempt_id:
            raise Refusal(422, "key_mismatch", "Idempotency-Key is not the attemptId")
        authorizing = kind == "authorize"
        return Wanted(
            kind=kind,
            attempt_id=attempt_id,
            payment_id=uuid_text(body, "paymentId"),
            amount=0 if kind == "void" else whole(body, "amount"),
            currency=text(body, "currency"),
            method=text(body, "method") if authorizing else self.method_of(body),
            merchant=text(body, "merchant", default="default"),
            merchant_reference=text(body, "merchantReference", default=""),
        )

    def method_of(self, body: dict[str, Any]) -> str:
        """The token that a payment was opened with."""
        rows = self._store.rows(
            "SELECT method FROM charge WHERE payment_id = ?", str(body.get("paymentId"))
        )
        return rows[0]["method"] if rows else ""

    def operate(self, wanted: Wanted, *, decline: str = "") -> Reply:
        """Do it, or answer as the first time. A refusal by the bank is an answer too."""
        with self._store.transaction() as db:
            found = db.execute(
                "SELECT * FROM operation WHERE attempt_id = ?", (wanted.attempt_id,)
            ).fetchone()
            if found:
                return self._repeat(db, wanted, found)
            charge = self._charge(db, wanted)
            code = decline or _objection(wanted, charge, db)
            operation = self._write(db, wanted, code)
            self._post(db, wanted, operation)
            return Reply(201, _answer(operation, charge["currency"]))

    def attempt(self, attempt_id: str) -> Reply:
        """What became of an attempt."""
        rows = self._store.rows(
            "SELECT o.*, c.currency FROM operation o JOIN charge c USING (payment_id) WHERE attempt_id = ?",
            attempt_id,
        )
        if not rows:
            raise Refusal(404, "no_such_attempt", "never heard of it")
        return Reply(200, _answer(rows[0], rows[0]["currency"]))

    def charge(self, payment_id: str) -> Reply:
        """A payment with its history."""
        with self._store.transaction() as db:
            row = db.execute("SELECT * FROM charge WHERE payment_id = ?", (payment_id,)).fetchone()
            if row is None:
                raise Refusal(404, "no_such_charge", "never heard of it")
            return Reply(200, charge_view(db, row))

    def charges(self) -> Reply:
        """Every payment, for audits."""
        with self._store.transaction() as db:
            rows = db.execute("SELECT * FROM charge ORDER BY created_at, payment_id").fetchall()
            return Reply(200, {"charges": [charge_view(db, row) for row in rows]})

    def events(self) -> Reply:
        """The bodies of all webhooks, in the order of their events."""
        rows = self._store.rows(
            "SELECT body FROM webhook WHERE about LIKE 'pay:%' ORDER BY position"
        )
        return Reply(200, {"events": [json.loads(row["body"]) for row in rows]})

    def totals(self) -> Reply:
        """What was done with success, per currency: how often and how much."""
        rows = self._store.rows(
            "SELECT c.currency, o.kind, count(*) AS times, sum(o.amount) AS amount"
            " FROM operation o JOIN charge c USING (payment_id)"
            " WHERE o.outcome = 'succeeded' GROUP BY 1, 2"
        )
        totals: dict[str, dict[str, dict[str, int]]] = {}
        for row in rows:
            totals.setdefault(row["currency"], {})[row["kind"]] = {
                "times": row["times"],
                "amount": row["amount"],
            }
        return Reply(200, totals)

    def _repeat(self, db: sqlite3.Connection, wanted: Wanted, found: sqlite3.Row) -> Reply:
        same = (found["kind"], found["payment_id"], found["amount"]) == (
            wanted.kind,
            wanted.payment_id,
            wanted.amount,
        )
        if not same:
            raise Refusal(422, "attempt_reused", "this attempt was for something else")
        charge = db.execute(
            "SELECT currency FROM charge WHERE payment_id = ?", (wanted.payment_id,)
        ).fetchone()
        return Reply(200, _answer(found, charge["currency"]))

    def _charge(self, db: sqlite3.Connection, wanted: Wanted) -> sqlite3.Row:
        charge = db.execute(
            "SELECT * FROM charge WHERE payment_id = ?", (wanted.payment_id,)
        ).fetchone()
        if charge is None:
            if wanted.kind not in {"authorize", "void"}:
                raise Refusal(404, "no_such_charge", "never heard of it")
            db.execute(
                "INSERT INTO charge VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    wanted.payment_id,
                    wanted.merchant,
                    wanted.merchant_reference,
                    wanted.amount,
                    wanted.currency,
                    wanted.method,
                    time.time(),
                ),
            )
            return self._charge(db, wanted)
        if charge["currency"] != wanted.currency:
            raise Refusal(422, "currency_mismatch", f"the charge is in {charge['currency']}")
        return existing(charge)

    def _write(self, db: sqlite3.Connection, wanted: Wanted, code: str) -> sqlite3.Row:
        operation_id = f"op_{uuid.uuid4().hex}"
        db.execute(
            "INSERT INTO operation (id, attempt_id, payment_id, kind, amount, outcome, decline_code,"
            " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                operation_id,
                wanted.attempt_id,
                wanted.payment_id,
                wanted.kind,
                wanted.amount,
                "declined" if code else "succeeded",
                code,
                time.time(),
            ),
        )
        return existing(
            db.execute("SELECT * FROM operation WHERE id = ?", (operation_id,)).fetchone()
        )

    def _post(self, db: sqlite3.Connection, wanted: Wanted, operation: sqlite3.Row) -> None:
        charge = db.execute(
            "SELECT * FROM charge WHERE payment_id = ?", (wanted.payment_id,)
        ).fetchone()
        event = {
            "id": f"evt_{uuid.uuid4().hex}",
            "type": f"{wanted.kind}.{operation['outcome']}",
            "createdAt": instant(operation["created_at"]),
            "charge": charge_view(db, charge),
        }
        token = wanted.method
        late = token == "tok_webhook_reordered"  # noqa: S105 a scenario's name
        lost = token == "tok_webhook_lost" or not self._webhook_url  # noqa: S105 likewise
        db.execute(
            "INSERT INTO webhook (id, url, about, body, copies, next_try_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                event["id"],
                self._webhook_url,
                f"pay:{wanted.payment_id}",
                json.dumps(event),
                3 if token == "tok_webhook_duplicate" else 1,  # noqa: S105 likewise
                None if lost else time.time() + (_LATE_SECONDS[wanted.kind] if late else 0.0),
            ),
        )


def existing(row: sqlite3.Row | None) -> sqlite3.Row:
    """A row that must be there."""
    if row is None:
        raise LookupError("a row of ours is missing")
    return row


def charge_view(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    """A payment with every operation on it."""
    operations = db.execute(_HISTORY, (row["payment_id"],)).fetchall()
    sums = _sums(operations)
    return {
        "paymentId": row["payment_id"],
        "merchant": row["merchant"],
        "merchantReference": row["merchant_reference"],
        "amount": row["amount"],
        "currency": row["currency"],
        "authorized": sums["authorize"],
        "captured": sums["capture"],
        "refunded": sums["refund"],
        "voided": any(o["kind"] == "void" and o["outcome"] == "succeeded" for o in operations),
        "operations": [_answer(operation, row["currency"]) for operation in operations],
    }


def _sums(operations: list[sqlite3.Row]) -> dict[str, int]:
    sums = dict.fromkeys(KINDS.values(), 0)
    for operation in operations:
        if operation["outcome"] == "succeeded":
            sums[operation["kind"]] += operation["amount"]
    return sums


def _objection(wanted: Wanted, charge: sqlite3.Row, db: sqlite3.Connection) -> str:
    operations = db.execute(_HISTORY, (wanted.payment_id,)).fetchall()
    sums = _sums(operations)
    voided = any(o["kind"] == "void" and o["outcome"] == "succeeded" for o in operations)
    if voided and wanted.kind in {"authorize", "capture"}:
        return "voided"
    if wanted.kind == "authorize" and any(o["kind"] == "authorize" for o in operations):
        return "already_attempted"
    if wanted.kind == "capture" and sums["authorize"] - sums["capture"] < wanted.amount:
        return "not_authorized"
    if wanted.kind == "void" and sums["capture"] >= sums["authorize"] > 0:
        return "already_captured"
    if wanted.kind == "refund" and sums["capture"] - sums["refund"] < wanted.amount:
        return "not_captured"
    return decline_of(wanted.kind, charge["method"])


def _answer(operation: sqlite3.Row, currency: str) -> dict[str, Any]:
    return {
        "id": operation["id"],
        "attemptId": operation["attempt_id"],
        "paymentId": operation["payment_id"],
        "kind": operation["kind"],
        "amount": operation["amount"],
        "currency": currency,
        "outcome": operation["outcome"],
        "declineCode": operation["decline_code"] or None,
        "createdAt": instant(operation["created_at"]),
    }
