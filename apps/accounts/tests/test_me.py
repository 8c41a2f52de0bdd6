"""The profile, the preferences and the address book of the signed-in user."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from apps.accounts import services
from apps.accounts.domain.email import normal_email
from apps.accounts.errors import AddressNotFound, TooManyAddresses, UserNotFound
from apps.accounts.models import Address, Preferences, User
from apps.accounts.services import _addresses
from apps.accounts.tests.factories import person, postal
from ecommerce.clock import now
from ecommerce.ids import new_id
from ecommerce.testing import JsonClient

pytestmark = pytest.mark.django_db
BOOK = "/api/v1/me/addresses"
ADDRESS = {
    "firstName": "Ada",
    "lastName": "Lovelace",
    "line1": "Torstraße 1",
    "city": "Berlin",
    "postalCode": "10119",
    "country": "DE",
}


@pytest.fixture
def ada(api: JsonClient) -> User:
    user = person()
    api.force_authenticate(user=user.viewer)
    return user


@given(st.emails())
def test_the_normal_form_of_an_address_is_stable(address: str) -> None:
    once = normal_email(address)

    assert normal_email(once) == once
    assert normal_email(f" {address.upper()} ") == normal_email(address.upper())
    assert once == once.lower()


def test_the_database_keeps_e_mails_apart_in_any_case() -> None:
    person()
    for refused in ("ADA@example.com", "ada@example.com"):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create(email=refused)


@pytest.mark.parametrize(
    ("roles", "seller"), [(["pirate"], None), (["seller"], None), (["customer"], "house")]
)
def test_the_database_refuses_roles_that_do_not_go_together(
    roles: list[str], seller: str | None
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="x@example.com", roles=roles, seller_id=seller)


def test_a_guest_has_no_profile(api: JsonClient) -> None:
    for path in ("/api/v1/me", BOOK, "/api/v1/me/sessions", "/api/v1/me/preferences"):
        response = api.get(path)
        assert response.status_code == 401
        assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_profile_changes_in_what_is_named(api: JsonClient, ada: User) -> None:
    first = api.get("/api/v1/me")
    assert first["ETag"] == '"1"'

    response = api.patch(
        "/api/v1/me", {"lastName": "King", "locale": "de-AT"}, headers={"If-Match": '"1"'}
    )

    assert response.status_code == 200
    assert response["ETag"] == '"2"'
    assert (response.json()["firstName"], response.json()["lastName"]) == ("Ada", "King")
    stale = api.patch("/api/v1/me", {"lastName": "X"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert User.objects.get().last_name == "King"


def test_a_change_that_changes_nothing_keeps_the_version(api: JsonClient, ada: User) -> None:
    assert api.patch("/api/v1/me", {"firstName": "Ada"})["ETag"] == '"1"'


def test_nobody_promotes_themselves(api: JsonClient, ada: User) -> None:
    api.patch(
        "/api/v1/me",
        {"roles": ["admin"], "seller": "house", "email": "x@y.z", "isActive": False, "version": 9},
    )

    ada.refresh_from_db()
    assert (ada.roles, ada.seller_id, ada.email, ada.is_active, ada.version) == (
        ["customer"],
        None,
        "ada@example.com",
        True,
        1,
    )


def test_preferences_start_without_any_consent(api: JsonClient, ada: User) -> None:
    assert api.get("/api/v1/me/preferences").json() == {
        "currency": None,
        "timeZone": "UTC",
        "marketingEmail": False,
        "marketingSms": False,
        "personalization": False,
    }


def test_preferences_are_replaced_as_a_whole(api: JsonClient, ada: User) -> None:
    chosen = {"currency": "CHF", "timeZone": "Europe/Zurich", "marketingEmail": True}
    for _ in range(2):
        assert api.put("/api/v1/me/preferences", chosen).status_code == 200
    api.put("/api/v1/me/preferences", {"currency": "CHF"})

    body = api.get("/api/v1/me/preferences").json()
    assert (body["currency"], body["timeZone"], body["marketingEmail"]) == ("CHF", "UTC", False)
    assert Preferences.objects.count() == 1


def test_preferences_that_do_not_exist_are_refused(api: JsonClient, ada: User) -> None:
    response = api.put("/api/v1/me/preferences", {"currency": "ZZZ", "timeZone": "Mars/Base"})

    assert response.status_code == 422
    assert [fault["pointer"] for fault in response.json()["errors"]] == ["/currency", "/timeZone"]
    assert not Preferences.objects.exists()


def test_the_first_address_is_the_default_of_both_kinds(api: JsonClient, ada: User) -> None:
    response = api.post(BOOK, ADDRESS)

    assert response.status_code == 201
    assert response["Location"] == f"{BOOK}/{response.json()['id']}"
    assert response.json()["isDefaultShipping"] is True
    assert response.json()["isDefaultBilling"] is True


def test_a_new_default_takes_the_place_of_the_old_one(api: JsonClient, ada: User) -> None:
    first = api.post(BOOK, ADDRESS).json()["id"]
    second = api.post(BOOK, {**ADDRESS, "isDefaultShipping": True}).json()["id"]

    book = {
        one["id"]: (one["isDefaultShipping"], one["isDefaultBilling"])
        for one in api.get(BOOK).json()["results"]
    }
    assert book == {first: (False, True), second: (True, False)}


def test_an_address_is_added_once_for_one_key(api: JsonClient, ada: User) -> None:
    first = api.post(BOOK, ADDRESS, headers={"Idempotency-Key": "k1"})
    second = api.post(BOOK, ADDRESS, headers={"Idempotency-Key": "k1"})

    assert first.json() == second.json()
    assert Address.objects.count() == 1


def test_an_address_is_replaced_where_nobody_changed_it(api: JsonClient, ada: User) -> None:
    path = api.post(BOOK, ADDRESS)["Location"]

    changed = api.put(path, {**ADDRESS, "city": "Potsdam"}, headers={"If-Match": '"1"'})
    stale = api.put(path, {**ADDRESS, "city": "Bonn"}, headers={"If-Match": '"1"'})

    assert (changed.status_code, changed["ETag"]) == (200, '"2"')
    assert stale.status_code == 412
    assert Address.objects.get().city == "Potsdam"


def test_a_removed_address_is_gone(api: JsonClient, ada: User) -> None:
    path = api.post(BOOK, ADDRESS)["Location"]

    assert api.delete(path).status_code == 204
    assert api.delete(path).status_code == 404
    assert api.get(path).status_code == 404


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_anothers_address_is_not_found_and_stays(api: JsonClient, ada: User, method: str) -> None:
    path = api.post(BOOK, ADDRESS)["Location"]
    api.force_authenticate(user=person("eve@example.com", "admin").viewer)

    response = getattr(api, method)(path, {**ADDRESS, "city": "Elsewhere"})

    assert response.status_code == 404
    assert response.json()["code"] == "accounts/address-not-found"
    assert Address.objects.get().city == "Berlin"
    assert api.get(BOOK).json()["results"] == []


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"country": "XX"}, "/country"),
        ({"country": "de"}, "/country"),
        ({"line1": ""}, "/line1"),
        ({"city": None}, "/city"),
        ({"phone": "call me"}, "/phone"),
        ({"postalCode": "1" * 21}, "/postalCode"),
    ],
)
def test_a_wrong_address_is_refused(
    api: JsonClient, ada: User, wrong: dict[str, Any], pointer: str
) -> None:
    response = api.post(BOOK, {**ADDRESS, **wrong})

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == pointer
    assert not Address.objects.exists()


def test_a_book_has_an_end(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_addresses, "MAX_ADDRESSES", 2)
    for _ in range(2):
        services.add_address(user_id=ada.id, address=postal(), now=now())

    with pytest.raises(TooManyAddresses):
        services.add_address(user_id=ada.id, address=postal(), now=now())


def test_nobody_has_no_book() -> None:
    with pytest.raises(UserNotFound):
        services.add_address(user_id=new_id(), address=postal(), now=now())
    with pytest.raises(AddressNotFound):
        services.get_address(user_id=new_id(), address_id=new_id())


def test_the_book_is_one_statement_however_long(
    api: JsonClient, ada: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        services.add_address(user_id=ada.id, address=postal(), now=now())

    with django_assert_num_queries(1):
        assert len(api.get(BOOK).json()["results"]) == 5
