"""The carrier: rates from a table, shipments with a label once per key, parcels that move on."""

import base64
import json
import sqlite3
import time
import uuid
from typing import Any

from sandbox.labels import label_pdf, tracking_number
from sandbox.replies import Refusal, Reply, instant, text, whole
from sandbox.store import Store

STATUSES = ("label_created", "accepted", "in_transit", "out_for_delivery", "delivered")
_EUROPE = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
# Minor units of the currency asked for: up to 1 kg, and for each further kilogram begun.
_TABLE = {
    ("standard", "domestic"): (490, 90, 1, 3),
    ("standard", "europe"): (990, 190, 3, 6),
    ("standard", "world"): (1990, 690, 7, 14),
    ("express", "domestic"): (990, 150, 1, 1),
    ("express", "europe"): (1990, 390, 1, 2),
    ("express", "world"): (3990, 990, 2, 4),
}
_MAX_GRAMS = 31_500


class Carrier:
    """Quotes, books and tracks."""

    def __init__(self, store: Store, webhook_url: str, seconds_per_move: float) -> None:
        self._store = store
        self._webhook_url = webhook_url
        self._seconds = seconds_per_move

    def rates(self, body: dict[str, Any]) -> Reply:
        """What each service costs between two countries at a weight."""
        grams = _grams(body)
        zone = _zone(_country(body, "origin"), _country(body, "destination"))
        currency = text(body, "currency", default="EUR")
        rates = [
            {
                "service": service,
                "name": f"Sandbox {service}",
                "amount": _price(row, grams),
                "currency": currency,
                "minDays": row[2],
                "maxDays": row[3],
            }
            for (service, where), row in _TABLE.items()
            if where == zone
        ]
        return Reply(200, {"rates": rates})

    def book(self, body: dict[str, Any], key: str) -> Reply:
        """A shipment with its label; the same key brings the same one."""
        if not key:
            raise Refusal(400, "key_missing", "send Idempotency-Key: a label costs money")
        request = json.dumps(body, sort_keys=True)
        with self._store.transaction() as db:
            found = db.execute("SELECT * FROM shipment WHERE key = ?", (key,)).fetchone()
            if found is not None:
                if found["request"] != request:
                    raise Refusal(422, "key_reused", "this key was for another shipment")
                return Reply(200, _view(db, found, label=True))
            return Reply(201, _view(db, self._insert(db, body, key, request), label=True))

    def shipment(self, tracking: str) -> Reply:
        """A shipment and where it has been."""
        with self._store.transaction() as db:
            return Reply(200, _view(db, _found(db, tracking)))

    def label(self, tracking: str) -> Reply:
        """The label's PDF."""
        with self._store.transaction() as db:
            pdf = _found(db, tracking)["label"]
        return Reply(200, content=pdf, content_type="application/pdf")

    def void(self, tracking: str) -> Reply:
        """Take back a shipment that nobody has handed in."""
        with self._store.transaction() as db:
            row = _found(db, tracking)
            if row["status"] not in {"label_created", "voided"}:
                raise Refusal(409, "already_moving", f"the parcel is {row['status']}")
            db.execute(
                "UPDATE shipment SET status = 'voided', next_move_at = NULL WHERE tracking = ?",
                (tracking,),
            )
            return Reply(200, _view(db, _found(db, tracking)))

    def move(self, tracking: str, status: str = "") -> Reply:
        """Move a parcel on, to the next status or straight to one; each status on the way is told of."""
        if status and status not in STATUSES:
            raise Refusal(422, "invalid", f"status is one of {', '.join(STATUSES)}")
        with self._store.transaction() as db:
            row = _found(db, tracking)
            at = STATUSES.index(row["status"]) if row["status"] in STATUSES else len(STATUSES)
            to = STATUSES.index(status) if status else at + 1
            for step in STATUSES[at + 1 : to + 1]:
                self._tell(db, row, step)
            return Reply(200, _view(db, _found(db, tracking)))

    def move_due(self) -> None:
        """Move every parcel on whose time has come."""
        for row in self._store.rows(
            "SELECT tracking FROM shipment WHERE next_move_at <= ?", time.time()
        ):
            self.move(row["tracking"])

    def _insert(
        self, db: sqlite3.Connection, body: dict[str, Any], key: str, request: str
    ) -> sqlite3.Row:
        service = text(body, "service")
        sender, to = _address(body, "sender"), _address(body, "recipient")
        zone = _zone(sender["country"], to["country"])
        if (service, zone) not in _TABLE:
            raise Refusal(422, "no_such_service", f"no service {service!r}")
        serial = db.execute("SELECT count(*) FROM shipment").fetchone()[0] + 10_000_001
        tracking = tracking_number(serial, sender["country"])
        db.execute(
            "INSERT INTO shipment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                tracking,
                key,
                request,
                service,
                text(body, "reference", default=""),
                _price(_TABLE[service, zone], _grams(body)),
                text(body, "currency", default="EUR"),
                label_pdf(tracking=tracking, service=service, sender=sender, to=to),
                STATUSES[0],
                time.time(),
                time.time() + self._seconds if self._seconds else None,
            ),
        )
        self._note(db, tracking, STATUSES[0])
        return _found(db, tracking)

    def _tell(self, db: sqlite3.Connection, row: sqlite3.Row, status: str) -> None:
        again = self._seconds and status != STATUSES[-1]
        db.execute(
            "UPDATE shipment SET status = ?, next_move_at = ? WHERE tracking = ?",
            (status, time.time() + self._seconds if again else None, row["tracking"]),
        )
        self._note(db, row["tracking"], status)
        event = {
            "id": f"evt_{uuid.uuid4().hex}",
            "type": "tracking.updated",
            "trackingNumber": row["tracking"],
            "reference": row["reference"],
            "status": status,
            "occurredAt": instant(time.time()),
        }
        db.execute(
            "INSERT INTO webhook (id, url, about, body, next_try_at) VALUES (?, ?, ?, ?, ?)",
            (
                event["id"],
                self._webhook_url,
                f"track:{row['tracking']}",
                json.dumps(event),
                time.time() if self._webhook_url else None,
            ),
        )

    def _note(self, db: sqlite3.Connection, tracking: str, status: str) -> None:
        db.execute(
            "INSERT INTO tracking (tracking, status, occurred_at) VALUES (?, ?, ?)",
            (tracking, status, time.time()),
        )


def _found(db: sqlite3.Connection, tracking: str) -> sqlite3.Row:
    row = db.execute("SELECT * FROM shipment WHERE tracking = ?", (tracking,)).fetchone()
    if row is None:
        raise Refusal(404, "no_such_shipment", f"no shipment {tracking}")
    return row  # type: ignore[no-any-return]  # sqlite3 types its rows as Any


def _view(db: sqlite3.Connection, row: sqlite3.Row, *, label: bool = False) -> dict[str, Any]:
    events = db.execute(
        "SELECT status, occurred_at FROM tracking WHERE tracking = ? ORDER BY position",
        (row["tracking"],),
    ).fetchall()
    view = {
        "trackingNumber": row["tracking"],
        "service": row["service"],
        "reference": row["reference"],
        "amount": row["amount"],
        "currency": row["currency"],
        "status": row["status"],
        "createdAt": instant(row["created_at"]),
        "labelUrl": f"/carrier/v1/shipments/{row['tracking']}/label",
        "events": [
            {"status": event["status"], "occurredAt": instant(event["occurred_at"])}
            for event in events
        ],
    }
    if label:
        view["label"] = {
            "contentType": "application/pdf",
            "base64": base64.b64encode(row["label"]).decode(),
        }
    return view


def _price(row: tuple[int, int, int, int], grams: int) -> int:
    return row[0] + row[1] * max(0, -(-grams // 1000) - 1)


def _zone(origin: str, destination: str) -> str:
    if origin == destination:
        return "domestic"
    return "europe" if {origin, destination} <= _EUROPE else "world"


def _grams(body: dict[str, Any]) -> int:
    grams = whole(body, "weightGrams")
    if grams > _MAX_GRAMS:
        raise Refusal(422, "too_heavy", f"at most {_MAX_GRAMS} g")
    return grams


def _country(body: dict[str, Any], name: str) -> str:
    return str(_address(body, name)["country"])


def _address(body: dict[str, Any], name: str) -> dict[str, Any]:
    address = body.get(name)
    if not isinstance(address, dict):
        raise Refusal(422, "invalid", f"{name} must be an address")
    country = text(address, "country")
    if len(country) != 2 or not country.isupper():
        raise Refusal(422, "invalid", f"{name}.country must be two capital letters")
    return address
