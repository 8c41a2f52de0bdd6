"""Joining a transaction."""

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from ecommerce.transactions import joining

pytestmark = pytest.mark.django_db(transaction=True)


class Refused(Exception):
    """Something that a service says no to."""


@joining
def held(*, refuse: bool = False) -> int:
    """A lock that goes with the transaction, and how many of them there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(4711)")
        if refuse:
            raise Refused
    return locks()


def locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711")
        return int(cursor.fetchone()[0])


def test_alone_it_has_a_transaction_of_its_own() -> None:
    assert held() == 1
    assert locks() == 0


def test_alone_a_refusal_is_rolled_back() -> None:
    with pytest.raises(Refused):
        held(refuse=True)

    assert locks() == 0


def test_within_another_it_is_part_of_that() -> None:
    with transaction.atomic():
        held()
        assert locks() == 1

    assert locks() == 0


def test_a_refusal_that_the_caller_swallows_still_undoes_everything() -> None:
    with transaction.atomic():
        with pytest.raises(Refused):
            held(refuse=True)
        with pytest.raises(TransactionManagementError):
            locks()
