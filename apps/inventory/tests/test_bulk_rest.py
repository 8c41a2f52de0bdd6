"""Many adjustments in one request: each is told what became of it, and none counts twice."""

from typing import Any
from uuid import UUID

import pytest

from apps.inventory.tests.factories import counts
from apps.inventory.tests.test_rest import mug, operator

__all__ = ["mug", "operator"]
pytestmark = pytest.mark.django_db


def adjusted(operator: Any, *items: dict[str, Any]) -> list[Any]:
    body = {"items": [{"skuId": "MUG", "delta": 1, "reason": "found"} | item for item in items]}
    answer = operator.json_of("POST", "/api/v1/inventory/bulk-adjust", body, status=200)
    results: list[Any] = answer["results"]
    return results


def test_an_item_with_a_key_counts_once(operator: Any, mug: UUID) -> None:
    keyed = {"idempotencyKey": "scan-1"}
    first = adjusted(operator, keyed, keyed, {"idempotencyKey": "scan-2"}, {})
    again = adjusted(operator, keyed)

    assert [item["status"] for item in first] == ["applied", "replayed", "applied", "applied"]
    assert [item["status"] for item in again] == ["replayed"]
    assert counts(mug) == (8, 0, 0)


def test_an_unknown_sku_is_refused_by_itself(operator: Any, mug: UUID) -> None:
    unknown, known = adjusted(operator, {"skuId": "NOPE"}, {})

    assert (unknown["index"], unknown["status"]) == (0, "refused")
    assert (unknown["code"], unknown["detail"]) == ("inventory/unknown-sku", "no SKU 'NOPE'")
    assert (known["index"], known["status"], counts(mug)) == (1, "applied", (6, 0, 0))


def test_more_than_can_be_counted_is_refused_by_itself(operator: Any, mug: UUID) -> None:
    many = {"delta": 10**9}
    results = adjusted(operator, many, many, many, {"delta": -1})

    assert [item["status"] for item in results] == ["applied", "applied", "refused", "applied"]
    assert results[2]["code"] == "inventory/too-many-units"
    assert counts(mug) == (5 + 2 * 10**9 - 1, 0, 0)
