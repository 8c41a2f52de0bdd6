"""Every page of the back office opens for an admin, and none for anybody else."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from config.navigation import GROUPS
from ecommerce.clock import now

PAGES = sorted(model._meta.label_lower for model in admin.site._registry)


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
