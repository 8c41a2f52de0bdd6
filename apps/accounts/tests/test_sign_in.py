"""Signing in: one answer for every failure, and a lock that holds without Valkey."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import PBKDF2PasswordHasher, identify_hasher
from django.db import connection
from django.test import Client

from apps.accounts import services
from apps.accounts.errors import TooManyAttempts, WrongCredentials
from apps.accounts.models import LoginGuard, User
from apps.accounts.tests.factories import PASSWORD, person
from ecommerce.clock import now
from ecommerce.testing import JsonClient

pytestmark = pytest.mark.django_db
LOGIN = "/api/v1/auth/login"


def guess(email: str = "ada@example.com", *, at: datetime, password: str = "wrong") -> str:
    try:
        services.check_credentials(email=email, password=password, now=at)
    except WrongCredentials:
        return "wrong"
    except TooManyAttempts as refusal:
        return f"wait {refusal.facts['retry_after_seconds']}"
    return "in"


def test_signing_in_gives_tokens_that_nobody_caches(api: JsonClient) -> None:
    user = person()

    response = api.post(LOGIN, {"email": "  ADA@Example.COM ", "password": PASSWORD})

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    body = response.json()
    assert body["userId"] == str(user.id)
    assert (body["tokenType"], body["expiresIn"]) == ("Bearer", 900)


def test_every_failure_gets_the_same_answer(api: JsonClient) -> None:
    person()
    locked = person("locked@example.com")
    User.objects.filter(id=locked.id).update(is_active=False)

    answers = [
        api.post(LOGIN, {"email": email, "password": password})
        for email, password in (
            ("ada@example.com", "wrong"),
            ("nobody@example.com", "wrong"),
            ("locked@example.com", PASSWORD),
            ("not an e-mail", "wrong"),
        )
    ]

    assert [answer.status_code for answer in answers] == [401] * 4
    bodies = [{**answer.json(), "correlationId": None} for answer in answers]
    assert bodies == [bodies[0]] * 4
    assert bodies[0]["code"] == "accounts/wrong-credentials"


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_a_password_is_hashed_once_whether_the_account_exists_or_not(email: str) -> None:
    """The work takes the time, so the time tells nothing."""
    person()
    hasher = type(identify_hasher(User.objects.get().password))

    with patch.object(hasher, "encode", autospec=True, side_effect=hasher.encode) as encode:
        assert guess(email, at=now()) == "wrong"

    assert encode.call_count == 1


def test_a_stale_token_does_not_keep_anybody_from_signing_in(api: JsonClient) -> None:
    person()
    api.credentials(HTTP_AUTHORIZATION="Bearer long.gone.token")

    assert api.post(LOGIN, {"email": "ada@example.com", "password": PASSWORD}).status_code == 200


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_each_failure_beyond_the_fifth_doubles_the_wait(email: str) -> None:
    person()
    at = now()

    assert [guess(email, at=at) for _ in range(6)] == ["wrong"] * 5 + ["wait 1"]
    waits = []
    for _ in range(10):
        at = LoginGuard.objects.get().blocked_until
        assert guess(email, at=at) == "wrong"
        waits.append((LoginGuard.objects.get().blocked_until - at).total_seconds())
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_a_locked_account_refuses_the_right_password_and_does_not_count_it() -> None:
    person()
    at = now()
    for _ in range(5):
        guess(at=at)

    assert guess(at=at, password=PASSWORD).startswith("wait")
    assert LoginGuard.objects.get().failures == 5
    assert guess(at=at + timedelta(seconds=2), password=PASSWORD) == "in"
    assert not LoginGuard.objects.exists()


def test_a_minute_of_guessing_gets_ten_guesses_evaluated() -> None:
    person()
    at = now()

    tried = [guess(at=at + timedelta(milliseconds=50 * i)) for i in range(1200)]

    assert tried.count("wrong") == 10


def test_an_hour_of_quiet_forgives() -> None:
    at = now()
    for _ in range(5):
        guess(at=at)

    assert guess(at=at + timedelta(hours=1, seconds=1)) == "wrong"
    assert LoginGuard.objects.get().failures == 1


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_at_once_do_not_overtake_their_count() -> None:
    person()
    at = now()

    def attempt(_: int) -> str:
        try:
            return guess(at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        tried = list(pool.map(attempt, range(64)))

    assert tried.count("wrong") == 5


def test_a_failed_sign_in_counts_though_the_request_fails(api: JsonClient) -> None:
    for _ in range(5):
        assert api.post(LOGIN, {"email": "x@example.com", "password": "y"}).status_code == 401

    response = api.post(LOGIN, {"email": "x@example.com", "password": "y"})

    assert response.status_code == 429
    assert response.json()["code"] == "accounts/too-many-attempts"
    assert int(response["Retry-After"]) >= 1


def test_the_guard_holds_no_address() -> None:
    guess(at=now())

    assert "ada" not in str(LoginGuard.objects.values().get())


def test_a_password_of_an_older_hasher_is_renewed_on_signing_in() -> None:
    user = person()
    user.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", 1)
    user.save()

    with patch("django.contrib.auth.hashers.get_hashers_by_algorithm") as hashers:
        hashers.return_value = {"pbkdf2_sha256": PBKDF2PasswordHasher()}
        assert guess(at=now(), password=PASSWORD) == "in"

    assert not User.objects.get().password.startswith("pbkdf2")
    assert guess(at=now(), password=PASSWORD) == "in"


def test_the_admins_login_has_the_same_guard() -> None:
    person("boss@example.com", "admin")
    for _ in range(5):
        assert authenticate(username="boss@example.com", password="wrong") is None

    assert authenticate(username="boss@example.com", password=PASSWORD) is None


def test_only_the_back_office_enters_the_admin(client: Client) -> None:
    for email, roles, entered in (
        ("c@example.com", (), False),
        ("m@example.com", ("merchandiser",), True),
        ("o@example.com", ("operator",), True),
    ):
        person(email, *roles)
        client.post("/admin/login/", {"username": email.upper(), "password": PASSWORD})
        assert (client.get("/admin/").status_code == 200) is entered
        client.logout()


def test_registering_opens_an_account_that_signs_in(api: JsonClient) -> None:
    response = api.post(
        "/api/v1/auth/register",
        {"email": "Grace@Example.com", "password": PASSWORD, "firstName": "Grace"},
    )

    assert response.status_code == 201
    assert response.json()["email"] == "grace@example.com"
    assert response.json()["roles"] == ["customer"]
    assert "password" not in response.json()
    login = api.post(LOGIN, {"email": "grace@example.com", "password": PASSWORD})
    assert login.status_code == 200


def test_registering_twice_is_refused_in_any_case(api: JsonClient) -> None:
    body = {"email": "grace@example.com", "password": PASSWORD}
    api.post("/api/v1/auth/register", body)

    response = api.post("/api/v1/auth/register", {**body, "email": "GRACE@example.com"})

    assert response.status_code == 409
    assert response.json()["code"] == "accounts/email-taken"
    assert User.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "password1", "12345678901", "grace@example.com"])
def test_a_weak_password_is_refused(api: JsonClient, password: str) -> None:
    response = api.post(
        "/api/v1/auth/register", {"email": "grace@example.com", "password": password}
    )

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/password"
    assert not User.objects.exists()


def test_nobody_registers_as_more_than_a_customer(api: JsonClient) -> None:
    response = api.post(
        "/api/v1/auth/register",
        {
            "email": "grace@example.com",
            "password": PASSWORD,
            "roles": ["admin"],
            "seller": "house",
            "isActive": False,
            "id": "01890000-0000-7000-8000-000000000000",
        },
    )

    user = User.objects.get()
    assert response.status_code == 201
    assert (user.roles, user.seller_id, user.is_active) == (["customer"], None, True)
    assert str(user.id) != "01890000-0000-7000-8000-000000000000"
