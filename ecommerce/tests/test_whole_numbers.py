"""A number that does not fit its column is refused, not cut to what is left of it."""

import pytest
from django.db import DataError, connection, transaction

pytestmark = pytest.mark.django_db
BITS = {"SmallIntegerField": 16, "IntegerField": 32, "BigIntegerField": 64}


def stored(value: int, field: str) -> int:
    """What a column of that field would hold."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s", [connection.ops.adapt_integerfield_value(value, field)])
        found: int = cursor.fetchone()[0]
        return found


@pytest.mark.parametrize("field", BITS)
def test_what_fits_is_stored_as_it_is(field: str) -> None:
    most = 2 ** (BITS[field] - 1) - 1

    assert [stored(value, field) for value in (-most - 1, 0, most)] == [-most - 1, 0, most]


@pytest.mark.parametrize("field", BITS)
@pytest.mark.parametrize("sign", [-1, 1])
def test_what_does_not_fit_is_refused(field: str, sign: int) -> None:
    with pytest.raises(DataError):
        stored(sign * 5 * 2 ** BITS[field], field)
