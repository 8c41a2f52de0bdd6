"""Members that no caller is asked for, sent to every door that writes: none of them may be written.

Generated: the doors from the URL map, what they take from the OpenAPI document, and the members from the
columns of every table. What a request wrote is read from the tables themselves.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from abusing.inside import inside
from proving.experiment import Report, experiment
from proving.lab import Lab

NUMBER, WORD = 77077, "mass-assigned"
UUID, MOMENT = "00000000-0000-4000-8000-0000000ca5e5", "2001-01-01T00:00:00Z"
ALSO: dict[str, list[Any]] = {
    "is_staff": [True], "is_superuser": [True], "permissions": [["admin"]], "role": ["admin"],
    "tenant": [WORD], "price": [NUMBER], "unit_price": [{"amount": NUMBER, "currency": "EUR"}],
    "total": [{"amount": NUMBER, "currency": "EUR"}], "discount": [NUMBER], "owner_id": [UUID],
}  # fmt: skip
"""What frameworks and other shops call such things."""
FOR_ALL = frozenset({"idempotency_key", "key"})
"""Every command takes ``idempotencyKey``, wherever its document says so."""
Written = set[tuple[str, str, str]]
"""Table, column and value, as JSON."""


def assignment(report: Report, variants: int) -> None:
    """Each door twice: as it should be asked, and with all the members that it should not be."""
    from abusing.bodies import opener, prepared, without_rule, writing

    members = forbidden_members()
    report.expect("doors without a rule", without_rule(), [])
    wrong: list[str] = []
    refused = doors = sent = 0
    for route in sorted(writing(), key=lambda route: "simulate" in route.path):
        someone = opener(route)
        honest = prepared(route, someone)
        answer, usual = written(honest, honest.body, someone)
        if answer.status_code >= 300:
            wrong.append(f"{route}: refused when asked as it should be: {answer.content[:150]!r}")
        doors += 1
        for turn in range(variants):
            someone = opener(route)
            knock = prepared(route, someone)
            body = spoiled(knock.body, _schema(route), members, turn)
            sent += len(members)
            answer, found = written(knock, body, someone)
            refused += answer.status_code >= 400
            wrong += _judged(str(route), answer, found - usual, members, turn)
    report.note(doors=doors, members_sent=sent, refused=refused)
    report.expect("members that were written, or not refused cleanly", wrong, [])


def forbidden_members() -> dict[str, list[Any]]:
    """Every column of every table of ours, with values to look out for."""
    from django.apps import apps

    members: dict[str, list[Any]] = {name: list(values) for name, values in ALSO.items()}
    for model in apps.get_models():
        if model.__module__.startswith(("apps.", "ecommerce.")):
            for field in model._meta.concrete_fields:
                values = members.setdefault(field.attname, [])
                values += [one for one in [_value_for(field)] if one not in values]
    return {name: values for name, values in members.items() if values and name not in FOR_ALL}


def _value_for(field: Any) -> Any:
    from django.db import models

    if field.choices:
        return [value for value, _ in field.flatchoices][-1]
    kinds: list[tuple[type[models.Field[Any, Any]], Any]] = [
        (models.BooleanField, field.default is not True),
        (models.DecimalField, "7.07"),
        (models.IntegerField, NUMBER),
        (models.DateField, MOMENT),
        (models.UUIDField, UUID),
        (models.JSONField, {WORD: NUMBER}),
    ]
    if field.is_relation:
        field = field.target_field
    found = next((value for kind, value in kinds if isinstance(field, kind)), None)
    if found is not None:
        return found
    if field.get_internal_type() == "ArrayField":
        return [WORD]
    return WORD[: getattr(field, "max_length", None) or len(WORD)]


def spoiled(body: Any, schema: dict[str, Any], members: dict[str, list[Any]], turn: int) -> Any:
    """The body with every member besides its own, in each of its objects, spelled both ways."""
    from abusing.doors import resolved
    from ecommerce.http.naming import camel

    schema = resolved(schema)
    if isinstance(body, list):
        return [spoiled(inner, schema.get("items", {}), members, turn) for inner in body]
    own = schema.get("properties", {})
    if not isinstance(body, dict) or not own:
        return body
    added = {
        spelled: values[turn % len(values)]
        for name, values in members.items()
        for spelled in (name, camel(name))
        if spelled not in own
    }
    return added | {
        name: spoiled(inner, own.get(name, {}), members, turn) for name, inner in body.items()
    }


def _schema(route: Any) -> dict[str, Any]:
    from abusing.doors import schema_of

    return schema_of(route) or {}


def written(knock: Any, body: Any, someone: Any) -> tuple[Any, Written]:
    """The answer, and all that the request wrote."""
    ((since,),) = _rows("SELECT txid_current()")
    answer = knock.by(someone, body)
    return answer, {
        (table, column, json.dumps(value))
        for table, row in _rows(_whatever_is_newer(), since=since)
        for column, value in json.loads(row).items()
    }


def _judged(
    door: str, answer: Any, found: Written, members: dict[str, list[Any]], turn: int
) -> Iterator[str]:
    if answer.status_code >= 500:
        yield f"{door}: {answer.status_code}"
    for table, column, value in sorted(found):
        values = members.get(column)
        if values and json.loads(value) == values[turn % len(values)]:
            yield f"{door}: {table}.{column} is {value}"
    if answer.status_code < 300 and str(NUMBER) in answer.content.decode():
        yield f"{door}: a number that was sent along comes back: {answer.content[:200]!r}"


@cache
def _whatever_is_newer() -> str:
    """One statement over all tables: the rows that transactions after a certain one wrote."""
    tables = _rows(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    return " UNION ALL ".join(
        f"SELECT '{table}', to_jsonb(t)::text FROM \"{table}\" t WHERE xmin::text::bigint > %(since)s"
        for (table,) in tables
    )


def _rows(sql: str, **parameters: Any) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _control(lab: Lab, report: Report, times: int) -> None:
    inside(lab, report, assignment, times, "fields")


@experiment(
    21,
    "no member is written that the door does not ask for",
    control=_control,
    guard="the list of what a profile's door takes",
    short=1,
    long=4,
)
def members(lab: Lab, report: Report, times: int) -> None:
    """Every column of every table, sent along to every door that writes."""
    inside(lab, report, assignment, times)
