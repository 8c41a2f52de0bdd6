"""Every page of the back office opens for an admin, and none for anybody else."""

from typing import Any

import pytest
from django.apps import apps as registry
from django.contrib import admin
from django.contrib.auth import get_permission_codename, get_user_model
from django.test import Client, RequestFactory
from django.urls import reverse

from apps.accounts.domain.backoffice import SINGLE
from config.navigation import GROUPS
from ecommerce.clock import now

ADMINS = {model._meta.label_lower: page for model, page in admin.site._registry.items()}
PAGES = sorted(ADMINS)
LOOKS_ONLY = {("pricing.quote", "replay")}
"""Actions that change nothing, so that whoever may look may press them."""


class _Looker:
    """Signed in, and may look at everything."""

    pk = "0"

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        return permission.partition(".")[2].startswith("view_")


@pytest.fixture
def boss(db: None) -> Any:
    return get_user_model().objects.create(
        email="boss@shop.example", roles=["admin"], created_at=now(), updated_at=now()
    )


def test_every_room_has_something_in_the_back_office() -> None:
    rooms = {label.split(".")[0] for label in PAGES}

    assert rooms >= {
        "accounts", "catalog", "pim", "pricing", "inventory", "payments", "orders", "cart",
        "shipping", "search", "analytics", "checkout", "events", "jobs", "audit", "flags",
    }  # fmt: skip


def test_every_list_stands_in_the_sidebar_once() -> None:
    assert sorted(label for labels in GROUPS.values() for label in labels) == PAGES


def test_the_sidebar_has_what_the_asker_may_look_at(boss: Any, client: Client) -> None:
    client.force_login(boss)
    everything = client.get("/admin/").content.decode()
    boss.roles = ["merchandiser"]
    boss.save()
    less = client.get("/admin/").content.decode()

    for label in PAGES:
        url = reverse(f"admin:{label.replace('.', '_')}_changelist")
        assert f'href="{url}"' in everything
        assert (f'href="{url}"' in less) == boss.has_perm(label.replace(".", ".view_"))


@pytest.mark.parametrize("label", PAGES)
def test_a_list_opens_for_an_admin(boss: Any, client: Client, label: str) -> None:
    client.force_login(boss)
    url = reverse(f"admin:{label.replace('.', '_')}_changelist")

    assert client.get(url).status_code == 200
    assert client.get(url, {"q": "anything"}).status_code in {200, 302}


@pytest.mark.parametrize("label", [one for one in PAGES if one.startswith("inventory.")])
def test_a_merchandiser_buys_counts_and_corrects_and_sends_nothing(label: str) -> None:
    """What a merchandiser may change of stock; every other list is looked at, or not even that."""
    seller = get_user_model()(email="m@shop.example", roles=["merchandiser"], is_active=True)
    room, _, name = label.partition(".")
    acts = {act for act in ("add", "change", "delete") if seller.has_perm(f"{room}.{act}_{name}")}

    assert acts == {
        "alertrule": {"add", "change", "delete"},
        "countsession": {"add", "change"},
        "discrepancy": {"change"},
        "inbound": {"change"},
        "purchaseorder": {"add", "change"},
        "stocklevel": {"change"},
        "supplier": {"add", "change"},
    }.get(name, set())


def test_what_a_role_may_is_there() -> None:
    known = {
        f"{model._meta.app_label}.{get_permission_codename(act, model._meta)}"
        for model in registry.get_models()
        for act in ("view", "add", "change", "delete")
    }
    for granted in SINGLE.values():
        assert {one for one in granted if "_" in one} <= known


@pytest.mark.parametrize("label", PAGES)
def test_nonsense_in_an_address_is_no_error(boss: Any, client: Client, label: str) -> None:
    """An id that is none, of pages and of their buttons; any column to sort by, also what is none."""
    client.force_login(boss)
    page = f"admin:{label.replace('.', '_')}"

    assert client.get(reverse(f"{page}_change", args=["xyz"])).status_code in {302, 403}
    columns = ".".join([*map(str, range(1, len(ADMINS[label].list_display) + 1)), "-99", "x"])
    assert client.get(reverse(f"{page}_changelist"), {"o": columns}).status_code in {200, 302}
    for button in getattr(ADMINS[label], "actions_detail", ()):
        url = reverse(f"{page}_{button}", args=["xyz"])
        assert client.post(url, {"_form_submitted": "true"}).status_code < 500, button


@pytest.mark.parametrize("label", PAGES)
def test_a_form_opens_or_is_refused(boss: Any, client: Client, label: str) -> None:
    client.force_login(boss)

    answer = client.get(reverse(f"admin:{label.replace('.', '_')}_add"))

    assert answer.status_code in {200, 302, 403}


@pytest.mark.parametrize("label", PAGES)
def test_a_stranger_is_sent_to_the_door(db: None, client: Client, label: str) -> None:
    answer = client.get(reverse(f"admin:{label.replace('.', '_')}_changelist"))

    assert answer.status_code == 302
    assert "/login" in answer["Location"]


@pytest.mark.parametrize("label", PAGES)
def test_what_changes_something_is_not_for_those_who_may_only_look(
    label: str, rf: RequestFactory
) -> None:
    page: Any = ADMINS[label]
    request = rf.get("/")
    request.user = _Looker()  # type: ignore[assignment]  # what the admin asks of a user
    buttons = ("actions_list", "actions_row", "actions_detail", "actions_submit_line")
    names = [name for where in buttons for name in getattr(page, where, None) or ()]
    doers = {name: getattr(page, name) for name in names}
    doers |= {name: do for do, name, _ in page._get_base_actions()}

    for name, do in doers.items():
        asked = getattr(do, "allowed_permissions", None)
        assert asked, f"{label}.{name} declares no permissions=[...]"
        allowed = any(getattr(page, f"has_{one}_permission")(request) for one in asked)
        assert allowed == ((label, name) in LOOKS_ONLY), f"{label}.{name}"
