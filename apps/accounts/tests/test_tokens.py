"""Every forged, foreign, stale or mangled token is refused with 401 and a challenge."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.services._keys import key_ring
from apps.accounts.tests.factories import client_of, person, signed_in
from apps.accounts.tests.forgeries import FORGERIES, parts_of, resigned, token_with_header
from apps.accounts.types import Tokens
from ecommerce.clock import now
from ecommerce.ttl_cache import TtlCache

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


@pytest.fixture
def tokens() -> Tokens:
    return signed_in(person())


def test_a_good_token_is_let_in(tokens: Tokens) -> None:
    assert client_of(tokens.access_token).get("/api/v1/me").status_code == 200
    assert client_of(resigned(tokens.access_token)).get("/api/v1/me").status_code == 200
    assert client_of(token_with_header(tokens.access_token)).get("/api/v1/me").status_code == 200


@pytest.mark.parametrize("name", FORGERIES)
def test_a_bad_token_is_refused(tokens: Tokens, name: str) -> None:
    forged = FORGERIES[name](tokens.access_token)

    response = client_of(forged).get("/api/v1/me")

    assert response.status_code == 401, name
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert set(response.json()) >= {"type", "title", "status", "detail", "code"}


def test_a_bad_token_is_refused_where_guests_are_welcome(tokens: Tokens) -> None:
    forged = resigned(tokens.access_token, exp=now() - timedelta(seconds=5))

    assert client_of(forged).get("/api/v1/channels").status_code == 401


def test_a_refresh_token_opens_no_door(tokens: Tokens) -> None:
    assert client_of(tokens.refresh_token).get("/api/v1/me").status_code == 401


def test_roles_written_into_a_token_are_not_believed(tokens: Tokens) -> None:
    promoted = resigned(tokens.access_token, roles=["admin"])

    assert client_of(promoted).get("/api/v1/users").status_code == 403


def test_a_request_costs_one_statement_and_the_next_ones_none(
    tokens: Tokens, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(tokens.access_token)

    with django_assert_num_queries(1):
        client.post("/api/v1/users")
    with django_assert_num_queries(0):
        client.post("/api/v1/users")


def test_keys_rotate_without_signing_anybody_out(settings: Any) -> None:
    settings.JWT_KEYS = {"old": "o" * 40}
    tokens = signed_in(person())

    settings.JWT_KEYS = {"new": "n" * 40, "old": "o" * 40}
    assert client_of(tokens.access_token).get("/api/v1/me").status_code == 200
    assert parts_of(signed_in(person("b@example.com")).access_token)[0]["kid"] == "new"

    settings.JWT_KEYS = {"new": "n" * 40}
    TtlCache.clear_all()  # settings change with a restart
    assert client_of(tokens.access_token).get("/api/v1/me").status_code == 401


def test_a_token_that_was_seen_a_moment_ago_ends_all_the_same(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(tokens.access_token)
    assert client.get("/api/v1/me").status_code == 200

    ended = now() + timedelta(seconds=tokens.expires_in + 3)
    monkeypatch.setattr("apps.accounts.services._viewer.now", lambda: ended)

    assert client.get("/api/v1/me").status_code == 401


def test_the_claims_are_the_standard_ones(tokens: Tokens) -> None:
    header, claims = parts_of(tokens.access_token)

    assert set(claims) == {
        "iss",
        "aud",
        "sub",
        "sid",
        "jti",
        "iat",
        "nbf",
        "exp",
        "roles",
        "seller",
    }
    assert header == {"alg": "HS256", "typ": "at+jwt", "kid": key_ring().signing_key_id}
    assert claims["exp"] - claims["iat"] == 900
    assert claims["roles"] == ["customer"]
    refresh = parts_of(tokens.refresh_token)[1]
    assert refresh["exp"] - refresh["iat"] == 7 * 86400
