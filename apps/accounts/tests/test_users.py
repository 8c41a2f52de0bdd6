"""What operators and admins do with others' accounts, and the dimensions."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.accounts import services
from apps.accounts.errors import ChannelNotFound
from apps.accounts.models import Channel, User
from apps.accounts.tests.factories import client_of, person, signed_in
from ecommerce.audit.models import Entry
from ecommerce.clock import now
from ecommerce.dimensions import CHANNEL, CURRENCY, LOCALE, MERCHANT, SELLER
from ecommerce.errors import Forbidden
from ecommerce.identity import Viewer
from ecommerce.testing import JsonClient
from ecommerce.ttl_cache import TtlCache

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(api: JsonClient) -> User:
    user = person("boss@example.com", "admin")
    api.force_authenticate(user=user.viewer)
    return user


@pytest.mark.parametrize("role", ["customer", "merchandiser"])
def test_only_operators_see_others(api: JsonClient, role: str) -> None:
    target = person("t@example.com")
    api.force_authenticate(user=person("x@example.com", role).viewer)

    for path in ("/api/v1/users", f"/api/v1/users/{target.id}"):
        assert api.get(path).status_code == 403


@pytest.mark.parametrize("role", ["customer", "merchandiser", "operator"])
def test_only_admins_give_roles(api: JsonClient, role: str) -> None:
    target = person("t@example.com")
    api.force_authenticate(user=person("x@example.com", role).viewer)

    for path, body in (("roles", {"roles": ["admin"]}), ("active", {"isActive": False})):
        assert api.put(f"/api/v1/users/{target.id}/{path}", body).status_code == 403
    with pytest.raises(Forbidden):
        services.assign_roles(
            user_id=target.id,
            roles=["admin"],
            seller=None,
            viewer=Viewer(user_id=target.id, roles=frozenset({role})),
            now=now(),
        )
    assert User.objects.get(id=target.id).roles == ["customer"]
    assert not Entry.objects.exists()


def test_users_are_listed_newest_first_by_e_mail_and_role(
    api: JsonClient, boss: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for name in "abcd":
        person(f"{name}@shop.example", *(["operator"] if name == "c" else []))

    def emails(query: str) -> list[str]:
        with django_assert_num_queries(1):
            return [one["email"] for one in api.get(f"/api/v1/users{query}").json()["results"]]

    assert emails("?email=SHOP.example") == [f"{name}@shop.example" for name in "dcba"]
    assert emails("?role=operator") == ["c@shop.example"]
    first = api.get("/api/v1/users?pageSize=2").json()
    second = api.get(first["next"]).json()
    assert [one["email"][0] for one in first["results"] + second["results"]] == list("dcba")
    assert api.get("/api/v1/users?role=pirate").status_code == 422


def test_roles_are_given_audited_and_effective(api: JsonClient, boss: User) -> None:
    target = person("t@example.com")
    tokens = signed_in(target)
    body = {"roles": ["seller", "customer"], "seller": "house"}
    for _ in range(2):
        response = api.put(f"/api/v1/users/{target.id}/roles", body)

    assert response.status_code == 200
    assert response.json()["roles"] == ["customer", "seller"]
    entry = Entry.objects.get()
    assert (entry.action, entry.entity_id, entry.actor_id) == (
        "accounts.user.roles_changed",
        str(target.id),
        boss.id,
    )
    assert entry.changes == {
        "before": {"roles": ["customer"], "seller": None},
        "after": {"roles": ["customer", "seller"], "seller": "house"},
    }
    TtlCache.clear_all()
    seen = services.viewer_of_token(tokens.access_token)
    assert (seen.roles, seen.seller) == (frozenset({"customer", "seller"}), "house")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"roles": ["seller"]}, "/seller"),
        ({"roles": ["customer"], "seller": "house"}, "/seller"),
        ({"roles": ["seller"], "seller": "nobody"}, "/seller"),
        ({"roles": ["pirate"]}, "/roles/0"),
    ],
)
def test_roles_that_do_not_go_together_are_refused(
    api: JsonClient, boss: User, body: dict[str, Any], pointer: str
) -> None:
    target = person("t@example.com")

    response = api.put(f"/api/v1/users/{target.id}/roles", body)

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == pointer
    assert User.objects.get(id=target.id).version == 1


def test_admins_neither_demote_nor_lock_themselves(api: JsonClient, boss: User) -> None:
    path = f"/api/v1/users/{boss.id}"

    assert api.put(f"{path}/roles", {"roles": ["customer"]}).status_code == 422
    assert api.put(f"{path}/active", {"isActive": False}).status_code == 403
    boss.refresh_from_db()
    assert (boss.roles, boss.is_active) == (["customer", "admin"], True)


def test_a_locked_account_is_signed_out_and_told_of(api: JsonClient, boss: User) -> None:
    target = person("t@example.com")
    tokens = signed_in(target)
    for _ in range(2):
        response = api.put(f"/api/v1/users/{target.id}/active", {"isActive": False})

    assert response.json()["isActive"] is False
    assert [entry.action for entry in Entry.objects.all()] == ["accounts.user.locked"]
    TtlCache.clear_all()
    assert client_of(tokens.access_token).get("/api/v1/me").status_code == 401

    api.put(f"/api/v1/users/{target.id}/active", {"isActive": True})
    assert signed_in(target).user_id == target.id


def test_there_is_one_row_of_each_dimension(api: JsonClient) -> None:
    channel = services.get_channel(CHANNEL)

    assert (channel.merchant, channel.currency, channel.locale) == (MERCHANT, CURRENCY, LOCALE)
    assert set(services.find_sellers()) == {SELLER}
    assert [one["code"] for one in api.get("/api/v1/channels").json()["results"]] == [CHANNEL]
    assert api.get("/api/v1/channels/web").json()["currencies"] == ["EUR"]
    assert api.get("/api/v1/channels/moon").status_code == 404


def test_a_channel_is_read_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        for _ in range(3):
            services.get_channel(CHANNEL)


def test_a_closed_channel_is_not_found() -> None:
    Channel.objects.update(is_active=False)

    with pytest.raises(ChannelNotFound):
        services.get_channel(CHANNEL)


def test_every_page_of_the_admin_opens(client: Client, boss: User) -> None:
    target = person("t@example.com")
    client.force_login(boss)

    for path in (
        "user/",
        f"user/{target.id}/change/",
        "user/add/",
        "address/",
        "session/",
        "merchant/",
        "channel/",
        "channel/web/change/",
        "seller/",
    ):
        assert client.get(f"/admin/accounts/{path}").status_code == 200, path


def test_roles_alone_stand_in_the_menu(client: Client, boss: User) -> None:
    client.force_login(boss)

    assert "/admin/auth/group/" not in client.get("/admin/").content.decode()
    assert client.get("/admin/auth/group/").status_code == 404


def test_roles_given_in_the_admin_are_audited(client: Client, boss: User) -> None:
    target = person("t@example.com")
    client.force_login(boss)

    response = client.post(
        f"/admin/accounts/user/{target.id}/change/",
        {
            "first_name": "T",
            "last_name": "",
            "phone": "",
            "locale": "en",
            "roles": ["customer", "operator"],
            "seller": "",
            "is_active": "on",
        },
    )

    assert response.status_code == 302, response.context["errors"]
    target.refresh_from_db()
    assert (target.first_name, target.roles) == ("T", ["customer", "operator"])
    entry = Entry.objects.get()
    assert (entry.action, entry.actor_id) == ("accounts.user.roles_changed", boss.id)


def test_an_operator_looks_at_accounts_in_the_admin_but_changes_none(client: Client) -> None:
    target = person("t@example.com")
    client.force_login(person("o@example.com", "operator"))

    assert client.get(f"/admin/accounts/user/{target.id}/change/").status_code == 200
    response = client.post(f"/admin/accounts/user/{target.id}/change/", {"roles": ["admin"]})

    assert response.status_code == 403
    target.refresh_from_db()
    assert target.roles == ["customer"]
