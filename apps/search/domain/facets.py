"""What a product can be filtered by, and how counts become facets."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

BRAND = "brand"
CATEGORY = "category"
OPTION = "option."
ATTRIBUTE = "attribute."
TAG = "tag"
MAX_VALUE_LENGTH = 80


def facet_values(product: Mapping[str, Any]) -> list[str]:
    """Every ``facet:value`` of a product snapshot (camelCase JSON), sorted, each once."""
    found = {f"{TAG}:{tag}" for tag in product["tags"]}
    if product["brand"]:
        found.add(f"{BRAND}:{product['brand']}")
    for sku in product["skus"]:
        if sku["status"] == "ACTIVE":
            found |= {f"{OPTION}{name}:{value}" for name, value in sku["options"].items()}
    for name, value in product["attributes"].items():
        found |= {f"{ATTRIBUTE}{name}:{one}" for one in _texts(value)}
    return sorted(found)


def _texts(value: Any) -> Iterable[str]:
    """The filterable forms of an attribute; prose is not one."""
    if isinstance(value, bool):
        return ("yes",) if value else ("no",)
    values = value if isinstance(value, Sequence) and not isinstance(value, str) else (value,)
    return (str(one) for one in values if 0 < len(str(one)) <= MAX_VALUE_LENGTH)


def split(facet_value: str) -> tuple[str, str]:
    """``brand:Acme`` → ``("brand", "Acme")``; a value may hold colons, a facet's name does not."""
    name, _, value = facet_value.partition(":")
    return name, value


def by_facet(counts: Iterable[tuple[str, int]], *, most: int) -> dict[str, list[tuple[str, int]]]:
    """Counts grouped by facet, largest first, then by name; at most ``most`` values each."""
    grouped: dict[str, list[tuple[str, int]]] = {}
    for facet_value, count in counts:
        name, value = split(facet_value)
        grouped.setdefault(name, []).append((value, count))
    return {
        name: sorted(values, key=lambda pair: (-pair[1], pair[0]))[:most]
        for name, values in sorted(grouped.items())
    }
