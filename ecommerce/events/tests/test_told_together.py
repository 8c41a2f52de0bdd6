"""Many rooms, one INSERT."""

from typing import Any

import pytest
from django.db import transaction

from ecommerce.events import publish, publish_many, told_together
from ecommerce.events.errors import NoTransaction
from ecommerce.events.testing import published
from ecommerce.events.tests.kit import PARCEL_SENT, ParcelSent

pytestmark = pytest.mark.django_db


def order() -> list[int]:
    return [e.payload["number"] for e in published(PARCEL_SENT)]


def test_what_is_told_together_costs_one_statement_and_keeps_its_order(
    django_assert_num_queries: Any,
) -> None:
    with transaction.atomic():
        with django_assert_num_queries(1), told_together():
            publish(ParcelSent(parcel="a", number=1))
            publish_many([ParcelSent(parcel="a", number=2), ParcelSent(parcel="b", number=3)])
        publish(ParcelSent(parcel="a", number=4))

    assert order() == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_it_stands_inside_a_transaction() -> None:
    with pytest.raises(NoTransaction), told_together():
        pass


def test_after_an_error_nothing_is_told() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _tell_and_fail()

    assert order() == []


def _tell_and_fail() -> None:
    with told_together():
        publish(ParcelSent(parcel="a", number=1))
        publish(ParcelSent(parcel="a", number=1 // 0))
