"""Refresh tokens are good once; sessions end when they should, everywhere within five seconds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection

from apps.accounts import services
from apps.accounts.errors import InvalidToken, SessionNotFound, WrongCredentials
from apps.accounts.models import LoginGuard, Session, User
from apps.accounts.services import _viewer
from apps.accounts.tasks import forget_old_sessions
from apps.accounts.tests.factories import PASSWORD, client_of, person, signed_in
from apps.accounts.types import Tokens
from ecommerce.audit.models import Entry
from ecommerce.clock import now
from ecommerce.testing import JsonClient
from ecommerce.ttl_cache import TtlCache

pytestmark = pytest.mark.django_db


def refreshed(tokens: Tokens) -> Tokens:
    return services.refresh_tokens(refresh_token=tokens.refresh_token, now=now())


def may_enter(tokens: Tokens) -> bool:
    """As another process would see it: one that remembers nothing."""
    TtlCache.clear_all()
    return client_of(tokens.access_token).get("/api/v1/me").status_code == 200


def test_a_refresh_token_gives_new_tokens_of_the_same_session() -> None:
    first = signed_in(person())

    second = refreshed(first)

    assert second.session_id == first.session_id
    assert second.refresh_token != first.refresh_token
    assert may_enter(second)


def test_a_refresh_token_shown_twice_ends_the_session_for_both() -> None:
    first = signed_in(person())
    second = refreshed(first)

    with pytest.raises(InvalidToken):
        refreshed(first)

    with pytest.raises(InvalidToken):
        refreshed(second)
    assert not may_enter(second)
    assert Session.objects.get().revoked_reason == "refresh-token-reused"
    assert Entry.objects.get().action == "accounts.session.reuse_detected"


def test_an_access_token_refreshes_nothing() -> None:
    tokens = signed_in(person())

    with pytest.raises(InvalidToken):
        services.refresh_tokens(refresh_token=tokens.access_token, now=now())

    assert may_enter(tokens)


def test_a_refresh_renews_the_session_but_not_for_ever() -> None:
    start = now()
    with time_machine.travel(start, tick=False):
        tokens = signed_in(person())
    with time_machine.travel(start + timedelta(days=6), tick=False):
        tokens = refreshed(tokens)
        assert Session.objects.get().expires_at == start + timedelta(days=13)

    session = Session.objects.get()
    session.created_at = start + timedelta(days=6) - settings.JWT_SESSION_LIFETIME
    session.save()
    with time_machine.travel(start + timedelta(days=6, seconds=-1), tick=False):
        tokens = refreshed(tokens)
    assert Session.objects.get().expires_at == start + timedelta(days=6)
    with time_machine.travel(start + timedelta(days=6), tick=False), pytest.raises(InvalidToken):
        refreshed(tokens)


def test_an_expired_session_is_over() -> None:
    tokens = signed_in(person())
    Session.objects.update(created_at=now() - timedelta(days=8), expires_at=now())

    assert not may_enter(tokens)
    with pytest.raises(InvalidToken):
        refreshed(tokens)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_at_most_one_is_refreshed() -> None:
    tokens = signed_in(person())

    def attempt(_: int) -> bool:
        try:
            refreshed(tokens)
        except InvalidToken:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(20))) == 1
    assert not may_enter(tokens)


def test_signing_out_ends_this_session_only() -> None:
    user = person()
    here, there = signed_in(user), signed_in(user)

    assert client_of(here.access_token).post("/api/v1/auth/logout").status_code == 204

    assert not may_enter(here)
    assert may_enter(there)
    with pytest.raises(InvalidToken):
        refreshed(here)


def test_signing_out_takes_effect_at_once_in_the_same_process(
    django_capture_on_commit_callbacks: Any,
) -> None:
    client = client_of(signed_in(person()).access_token)
    assert client.get("/api/v1/me").status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/api/v1/auth/logout")

    assert client.get("/api/v1/me").status_code == 401


def test_another_process_forgets_within_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process is one whose memory nobody clears: only time does."""
    clock = [1000.0]
    monkeypatch.setattr("ecommerce.ttl_cache.time.monotonic", lambda: clock[0])
    tokens = signed_in(person())
    client = client_of(tokens.access_token)
    assert client.get("/api/v1/me").status_code == 200

    Session.objects.update(revoked_at=now(), revoked_reason="elsewhere")
    clock[0] += 3.9
    assert client.get("/api/v1/me").status_code == 200
    clock[0] += 0.2
    assert client.get("/api/v1/me").status_code == 401
    assert _viewer.REMEMBERED_SECONDS < 5


def test_sessions_are_listed_and_ended_by_their_owner(api: JsonClient) -> None:
    user = person()
    phone, laptop = signed_in(user, "Phone"), signed_in(user, "Laptop")
    client = client_of(laptop.access_token)

    listed = client.get("/api/v1/me/sessions").json()["results"]
    assert [(one["device"], one["isCurrent"]) for one in listed] == [
        ("Laptop", True),
        ("Phone", False),
    ]

    assert client.delete(f"/api/v1/me/sessions/{phone.session_id}").status_code == 204
    assert not may_enter(phone)
    assert may_enter(laptop)
    assert client.delete(f"/api/v1/me/sessions/{phone.session_id}").status_code == 404


def test_anothers_session_is_not_found_and_goes_on() -> None:
    mine, theirs = signed_in(person()), signed_in(person("eve@example.com"))

    response = client_of(theirs.access_token).delete(f"/api/v1/me/sessions/{mine.session_id}")

    assert response.status_code == 404
    assert may_enter(mine)
    with pytest.raises(SessionNotFound):
        services.end_session(user_id=theirs.user_id, session_id=mine.session_id, now=now())


def test_signing_out_everywhere_ends_every_session_of_mine_only() -> None:
    user = person()
    mine = [signed_in(user) for _ in range(3)]
    theirs = signed_in(person("eve@example.com"))

    assert client_of(mine[0].access_token).delete("/api/v1/me/sessions").status_code == 204

    assert [may_enter(one) for one in mine] == [False] * 3
    assert may_enter(theirs)


def test_a_locked_account_is_out_at_once() -> None:
    user = person()
    tokens = signed_in(user)

    User.objects.filter(id=user.id).update(is_active=False)

    assert not may_enter(tokens)
    with pytest.raises(InvalidToken):
        refreshed(tokens)


def test_a_new_password_ends_the_other_sessions() -> None:
    user = person()
    here, there = signed_in(user), signed_in(user)

    response = client_of(here.access_token).post(
        "/api/v1/me/password",
        {"currentPassword": PASSWORD, "newPassword": "an even longer phrase"},
    )

    assert response.status_code == 204
    assert may_enter(here)
    assert not may_enter(there)
    assert User.objects.get().check_password("an even longer phrase")


@pytest.mark.parametrize(
    ("current", "new", "code", "pointer"),
    [
        ("wrong", "an even longer phrase", "accounts/wrong-password", "/currentPassword"),
        (PASSWORD, "password1", "accounts/weak-password", "/newPassword"),
        (PASSWORD, "ada@example.com", "accounts/weak-password", "/newPassword"),
    ],
)
def test_a_refused_new_password_changes_nothing(
    current: str, new: str, code: str, pointer: str
) -> None:
    user = person()
    here, there = signed_in(user), signed_in(user)

    response = client_of(here.access_token).post(
        "/api/v1/me/password", {"currentPassword": current, "newPassword": new}
    )

    assert response.status_code == 422
    assert response.json()["code"] == code
    assert response.json()["errors"][0]["pointer"] == pointer
    assert User.objects.get().check_password(PASSWORD)
    assert may_enter(there)


def test_old_sessions_and_failures_are_forgotten() -> None:
    at = now()
    kept, over = signed_in(person()), signed_in(person("b@example.com"))
    Session.objects.filter(id=over.session_id).update(
        created_at=at - timedelta(days=40), expires_at=at - timedelta(days=31)
    )
    with pytest.raises(WrongCredentials):
        services.check_credentials(email="x@y.z", password="p", now=at - timedelta(hours=2))

    forget_old_sessions()
    forget_old_sessions()

    assert [session.id for session in Session.objects.all()] == [kept.session_id]
    assert not LoginGuard.objects.exists()
