"""Many rooms, one INSERT."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from ecommerce.events import event, publish, publish_many, told_together
from ecommerce.events.testing import published
from ecommerce.ids import new_id


@event("ecommerce.probe.together.told.v1", key="thing_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    thing_id: UUID
    n: int


def order() -> list[int]:
    return [e.payload["n"] for e in published("ecommerce.probe.together.told.v1")]


@pytest.mark.django_db
def test_what_is_told_together_costs_one_statement_and_keeps_its_order(
    django_assert_num_queries: Any,
) -> None:
    thing = new_id()

    with transaction.atomic():
        with django_assert_num_queries(1), told_together():
            publish(Told(thing_id=thing, n=1))
            publish_many([Told(thing_id=thing, n=2), Told(thing_id=thing, n=3)])
        publish(Told(thing_id=thing, n=4))

    assert order() == [1, 2, 3, 4]


@pytest.mark.django_db
def test_after_an_error_nothing_is_told() -> None:
    with pytest.raises(ValueError, match="no"), transaction.atomic(), told_together():
        publish(Told(thing_id=new_id(), n=1))
        raise ValueError("no")

    assert order() == []
