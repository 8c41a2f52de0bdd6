"""What may not change between two AsyncAPI documents of ours, told in sentences.

Both ways must hold: readers of today understand the events of tomorrow, and the code of tomorrow the
events of today, which are in the log for good.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
_CONSTRAINTS = (
    "const",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
)


def incompatibilities(committed: Schema, present: Schema) -> list[str]:
    """Why the present events would break readers of the committed contract; empty if they would not."""
    before, after = committed["components"], present["components"]
    problems: list[str] = []
    for name, message in before["messages"].items():
        if name not in after["messages"]:
            problems.append(f"{name} is gone: go on announcing it until nobody reads it")
            continue
        problems += _key_problems(name, message, after["messages"][name])
        comparison = _Comparison(committed, present, name)
        problems += comparison.compare(before["schemas"][name], after["schemas"][name], "payload")
    return problems


def _key_problems(name: str, before: Schema, after: Schema) -> Iterator[str]:
    if before["x-partition-key"] != after["x-partition-key"]:
        yield (
            f"{name}: the partition key changed from {before['x-partition-key']} to {after['x-partition-key']}:"
            " the order that readers rely on would break"
        )


class _Comparison:
    """Of one event's payload in two documents, whose references it follows."""

    def __init__(self, committed: Schema, present: Schema, event: str) -> None:
        self._committed = committed
        self._present = present
        self._event = event
        self._seen: set[tuple[str, str]] = set()

    def compare(self, before: Schema, after: Schema, path: str) -> Iterator[str]:
        references = (before.get("$ref", ""), after.get("$ref", ""))
        if all(references):
            if references in self._seen:
                return
            self._seen.add(references)
        old, new = self._kinds(before, self._committed), self._kinds(after, self._present)
        yield from self._kind_problems(old, new, path)
        for kind in old.keys() & new.keys():
            yield from self._same_kind(old[kind], new[kind], path)

    def _kinds(self, schema: Schema, document: Schema) -> dict[str, Schema]:
        """The alternatives of a schema by what they are: ``string (uuid)``, ``null``, ``one of a list``."""
        schema = _resolved(schema, document)
        found: dict[str, Schema] = {}
        for alternative in schema.get("anyOf", [schema]):
            inner = _resolved(alternative, document)
            found[_kind(inner)] = inner
        return found

    def _kind_problems(
        self, old: dict[str, Schema], new: dict[str, Schema], path: str
    ) -> Iterator[str]:
        if old.keys() == new.keys():
            return
        was, now = " or ".join(sorted(old)), " or ".join(sorted(new))
        yield self._say(path, f"was {was} and is now {now}")

    def _same_kind(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        yield from self._enum_problems(old, new, path)
        for name in _CONSTRAINTS:
            if old.get(name) != new.get(name):
                yield self._say(path, f"{name} changed from {old.get(name)} to {new.get(name)}")
        yield from self._field_problems(old, new, path)
        for name, mark in (("items", "[]"), ("additionalProperties", "{}")):
            if isinstance(old.get(name), dict) and isinstance(new.get(name), dict):
                yield from self.compare(old[name], new[name], path + mark)
        yield from self._tuple_problems(old, new, path)

    def _enum_problems(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        gone = sorted(map(str, set(old.get("enum", ())) - set(new.get("enum", ()))))
        added = sorted(map(str, set(new.get("enum", ())) - set(old.get("enum", ()))))
        if gone:
            yield self._say(
                path, f"no longer allows {', '.join(gone)}, which events of the log have"
            )
        if added:
            yield self._say(
                path, f"also allows {', '.join(added)}, which readers of today do not know"
            )

    def _field_problems(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        had_to, must = set(old.get("required", ())), set(new.get("required", ()))
        for name in before:
            if name not in after:
                yield self._say(f"{path}.{name}", "is gone")
                continue
            if name in had_to and name not in must:
                yield self._say(f"{path}.{name}", "is no longer promised")
            yield from self.compare(before[name], after[name], f"{path}.{name}")
        for name in sorted(must - had_to):
            yield self._say(
                f"{path}.{name}",
                "is newly required, which events of the log do not have: give it a default",
            )

    def _tuple_problems(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        before, after = old.get("prefixItems", []), new.get("prefixItems", [])
        for index, (was, now) in enumerate(zip(before, after, strict=False)):
            yield from self.compare(was, now, f"{path}[{index}]")

    def _say(self, path: str, problem: str) -> str:
        head, version = self._event.rsplit(".v", 1)
        return f"{self._event}: {path} {problem}; keep it, or announce {head}.v{int(version) + 1} beside it"


def _kind(schema: Schema) -> str:
    if "enum" in schema:
        return "one of a list"
    kind = str(schema.get("type", "anything"))
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def _resolved(schema: Schema, document: Schema) -> Schema:
    while "$ref" in schema:
        target: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = target
    return schema
