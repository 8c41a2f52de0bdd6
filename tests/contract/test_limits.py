"""Limits of the whole API: none that is named is missing, and none can be walked around."""

from typing import Any

import pytest
from django.conf import settings as shop_settings
from django.urls import URLPattern, URLResolver, get_resolver

from apps.checkout.tests.test_rest import body_of
from apps.pricing.tests.factories import coupon
from ecommerce.ids import new_id
from ecommerce.testing import JsonClient

GUESSES = 20
"""So many codes a minute are looked at for one caller, wherever they are sent."""


def scopes(patterns: Any = None) -> set[str]:
    found = set()
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            found |= scopes(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            found.add(getattr(getattr(pattern.callback, "cls", None), "throttle_scope", "default"))
    return found


def test_every_scope_that_a_view_names_has_a_limit() -> None:
    assert scopes() - set(shop_settings.RATE_LIMITS) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["checkout", "promotions/evaluate", "coupons/validate"])
def test_codes_cannot_be_guessed_by_the_ten(api: JsonClient, path: str, settings: Any) -> None:
    settings.RATE_LIMIT_SCALE = 1.0
    item = {"skuId": str(new_id()), "quantity": 1}
    bodies: dict[str, dict[str, Any]] = {
        "checkout": body_of(new_id()),
        "promotions/evaluate": {"items": [item]},
        "coupons/validate": {"items": [item], "couponCode": "MINE"},
    }

    def guess(first: int) -> Any:
        codes = [f"CODE{first + number}" for number in range(10)]
        return api.post(f"/api/v1/{path}", {**bodies[path], "couponCodes": codes})

    answers = [guess(first) for first in range(0, GUESSES + 10, 10)]

    assert answers[0].status_code != 429
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) >= 1


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["checkout", "promotions/evaluate", "coupons/validate"])
def test_codes_of_a_family_cannot_be_guessed_from_many_addresses(
    api: JsonClient, path: str, settings: Any
) -> None:
    settings.RATE_LIMIT_SCALE = 1.0
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    mine = coupon(f"SUMMER-{new_id().hex[-6:].upper()}").code
    item = {"skuId": str(new_id()), "quantity": 1}
    bodies: dict[str, dict[str, Any]] = {
        "checkout": body_of(new_id()),
        "promotions/evaluate": {"items": [item]},
        "coupons/validate": {"items": [item], "couponCode": ""},
    }

    def guess(number: int, code: str) -> int:
        body = {**bodies[path], "couponCodes": [code], "couponCode": code}
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        answer: int = api.post(f"/api/v1/{path}", body, headers=headers).status_code
        return answer

    assert guess(1, mine) != 429
    answers = [guess(number, f"SUMMER-{number}") for number in range(40)]

    assert [status == 429 for status in answers] == [False] * GUESSES + [True] * 20
    assert guess(41, mine) == 429
    assert guess(42, "WINTER-1") != 429
