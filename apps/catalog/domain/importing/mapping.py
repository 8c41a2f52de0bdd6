"""Which of a foreign file's fields is which of ours."""

from collections.abc import Mapping
from typing import Any

from apps.catalog.domain.importing.simple import MEMBERS

Sources = Mapping[str, str]
MAX_SOURCE = 500


def mapping_faults(mapping: object) -> list[str]:
    """What is wrong with a mapping, in words."""
    if not isinstance(mapping, Mapping):
        return ["must be an object of our field names and theirs"]
    unknown = sorted(str(name)[:40] for name in mapping if name not in MEMBERS)
    faults = [f"{name!r} is none of our fields" for name in unknown]
    if any(not isinstance(source, str) or len(source) > MAX_SOURCE for source in mapping.values()):
        faults.append("each source is a text")
    return faults


def mapped(item: Mapping[str, Any], mapping: Sources) -> dict[str, Any]:
    """The object under our member names.

    A source is a field's name; a way into nested ones, parted by ``/`` (``ean/0``); ``=text`` for a
    constant; several for the first that is there, parted by ``|``. For ``attributes`` it lists names,
    parted by ``,``, where ``attr_*`` takes all that begin so. What is not there is not told.
    """
    found = {ours: _first(item, source) for ours, source in mapping.items() if ours != "attributes"}
    taken: dict[str, Any] = {ours: value for ours, value in found.items() if value is not None}
    if "attributes" in mapping:
        taken["attributes"] = _attributes(item, mapping["attributes"])
    return taken


def _first(item: Mapping[str, Any], source: str) -> Any:
    if source.startswith("="):
        return source[1:]
    for way in source.split("|"):
        value = _at(item, way.strip())
        if value is not None and value != "":
            return value
    return None


def _at(item: Any, way: str) -> Any:
    if isinstance(item, Mapping) and way in item:
        return item[way]
    for step in way.split("/"):
        if isinstance(item, Mapping):
            item = item.get(step)
        elif isinstance(item, list) and step.isdigit() and int(step) < len(item):
            item = item[int(step)]
        else:
            return None
    return item


def _attributes(item: Mapping[str, Any], source: str) -> dict[str, Any]:
    patterns = [pattern.strip() for pattern in source.split(",")]
    names = {pattern for pattern in patterns if not pattern.endswith("*")}
    stems = tuple(pattern[:-1] for pattern in patterns if pattern.endswith("*"))
    return {
        name: value
        for name, value in item.items()
        if (name in names or (stems and name.startswith(stems))) and value not in (None, "")
    }
