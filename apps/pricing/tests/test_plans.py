"""What every cart asks is planned once a connection: see the decision record on plans."""

import pytest
from django.db import connection

from apps.pricing.queries import facts
from ecommerce.clock import now
from ecommerce.ids import new_id

TURNS = 25


@pytest.mark.django_db
@pytest.mark.parametrize("codes", [(), ("WELCOME",)])
def test_the_plans_of_prices_and_rules_are_kept(codes: tuple[str, ...]) -> None:
    for _ in range(TURNS):
        facts.unit_prices({new_id(): 1}, channel="web", currency="EUR", at=now())
        facts.rules(channel="web", codes=codes, customer_id=None, at=now())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement, custom_plans FROM pg_prepared_statements"
            " WHERE custom_plans + generic_plans > 10"
        )
        plans = dict(cursor.fetchall())

    assert any("pricing_pricelist" in statement for statement in plans)
    assert any("pricing_coupon" in statement for statement in plans)
    assert [statement for statement, custom in plans.items() if custom > 10] == []
