"""The contract: what it says, and that a change which breaks readers is refused with the reason."""

import datetime as dt
from dataclasses import dataclass, make_dataclass
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import jsonschema_rs
import orjson
import pytest
from django.core.management import CommandError, call_command

from ecommerce.events.contract import asyncapi_document, incompatibilities
from ecommerce.events.registry import EventType
from ecommerce.events.tests.kit import PARCEL_SENT

NAME = "ecommerce.testing.box.packed.v1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    sku_id: UUID
    quantity: int


FIELDS: dict[str, Any] = {
    "box_id": UUID,
    "lines": tuple[Line, ...],
    "state": Literal["open", "shut"],
    "weight": Decimal,
    "note": str | None,
    "labels": dict[str, int],
    "pair": tuple[int, str],
    "packed_at": dt.datetime,
}


def document(key: str = "box_id", **changes: Any) -> dict[str, Any]:
    """The contract with one event, its fields changed (None removes one, a tuple gives a default too)."""
    fields = {**FIELDS, **changes}
    required = [
        (name, kind)
        for name, kind in fields.items()
        if kind is not None and not isinstance(kind, list)
    ]
    optional = [(name, *kind) for name, kind in fields.items() if isinstance(kind, list)]
    cls = make_dataclass("BoxPacked", [*required, *optional], frozen=True, kw_only=True)
    found: dict[str, Any] = orjson.loads(
        orjson.dumps(asyncapi_document([EventType(name=NAME, key=key, cls=cls)]))
    )
    return found


def changed_line(*fields: tuple[str, Any]) -> Any:
    return tuple[make_dataclass("Line", fields, frozen=True, kw_only=True), ...]  # type: ignore[misc]  # made here


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"colour": [str, "none"]}, id="new field with a default"),
        pytest.param({"colour": [str | None, None]}, id="new field that may be null"),
    ],
)
def test_a_compatible_change_passes(changes: dict[str, Any]) -> None:
    assert incompatibilities(document(), document(**changes)) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"note": None}, "payload.note is gone"),
        ({"weight": int}, "payload.weight was string (decimal) and is now integer"),
        (
            {"weight": Decimal | None},
            "payload.weight was string (decimal) and is now null or string (decimal)",
        ),
        ({"note": str}, "payload.note was null or string and is now string"),
        ({"box_id": str}, "payload.boxId was string (uuid) and is now string"),
        (
            {"packed_at": dt.date},
            "payload.packedAt was string (date-time) and is now string (date)",
        ),
        ({"colour": str}, "payload.colour is newly required"),
        ({"weight": [Decimal, Decimal(1)]}, "payload.weight is no longer promised"),
        ({"state": Literal["open"]}, "payload.state no longer allows shut"),
        ({"state": Literal["open", "shut", "lost"]}, "payload.state also allows lost"),
        ({"state": str}, "payload.state was one of a list and is now string"),
        ({"labels": dict[str, str]}, "payload.labels{} was integer and is now string"),
        ({"pair": tuple[int, int]}, "payload.pair[1] was string and is now integer"),
        ({"pair": tuple[int, str, str]}, "payload.pair minItems changed from 2 to 3"),
        ({"lines": changed_line(("sku_id", UUID))}, "payload.lines[].quantity is gone"),
        (
            {"lines": changed_line(("sku_id", UUID), ("quantity", str))},
            "payload.lines[].quantity was integer and is now string",
        ),
        ({"key": "state"}, "the partition key changed from box_id to state"),
    ],
)
def test_a_breaking_change_is_refused_with_its_reason(changes: dict[str, Any], reason: str) -> None:
    problems = incompatibilities(document(), document(**changes))

    assert any(reason in problem for problem in problems), problems
    assert all(problem.startswith(NAME) for problem in problems)


def test_a_removed_event_is_refused_and_a_new_one_is_not() -> None:
    empty = asyncapi_document([])

    assert incompatibilities(empty, document()) == []
    assert incompatibilities(document(), empty) == [
        f"{NAME} is gone: go on announcing it until nobody reads it"
    ]


def test_a_reason_says_what_to_do() -> None:
    (problem,) = incompatibilities(document(), document(note=None))

    assert (
        problem
        == f"{NAME}: payload.note is gone; keep it, or announce ecommerce.testing.box.packed.v2 beside it"
    )


def test_every_example_fits_its_own_schema() -> None:
    contract = orjson.loads(orjson.dumps(asyncapi_document()))
    for name, message in contract["components"]["messages"].items():
        schema = {**message["payload"], "components": contract["components"]}
        for example in message["examples"]:
            assert jsonschema_rs.is_valid(schema, example["payload"]), name


def test_every_message_stands_in_a_channel_and_an_operation() -> None:
    contract = asyncapi_document()

    assert contract["asyncapi"] == "3.0.0"
    assert contract["channels"]["testing.parcel"]["address"] == "ecommerce.testing.parcel"
    assert PARCEL_SENT in contract["channels"]["testing.parcel"]["messages"]
    assert contract["operations"][PARCEL_SENT]["action"] == "send"
    assert set(contract["operations"]) == set(contract["components"]["messages"])


def test_the_command_writes_checks_and_refuses(tmp_path: Path) -> None:
    path, out = tmp_path / "asyncapi.json", StringIO()
    call_command("asyncapi", "--output", str(path))
    call_command("asyncapi", "--check", str(path), stdout=out)
    assert "says what the code says" in out.getvalue()

    contract = orjson.loads(path.read_bytes())
    del contract["components"]["schemas"][PARCEL_SENT]["properties"]["number"]
    contract["components"]["schemas"][PARCEL_SENT]["required"] = ["parcel"]
    path.write_bytes(orjson.dumps(contract))
    with pytest.raises(CommandError, match="number is newly required"):
        call_command("asyncapi", "--check", str(path))

    del contract["components"]["messages"][PARCEL_SENT]
    path.write_bytes(orjson.dumps(contract))
    call_command("asyncapi", "--check", str(path), stdout=out)
    assert "compatible, but out of date" in out.getvalue()
    with pytest.raises(CommandError, match="out of date"):
        call_command("asyncapi", "--check", str(path), "--exact")
    with pytest.raises(CommandError, match="cannot read"):
        call_command("asyncapi", "--check", str(tmp_path / "none.json"))
