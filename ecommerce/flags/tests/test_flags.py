"""Flags decide the same way each time, say why, and survive the database."""

from typing import Any
from unittest.mock import patch

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from ecommerce.audit.models import Entry
from ecommerce.clock import now
from ecommerce.errors import Invalid
from ecommerce.flags import enabled, services
from ecommerce.flags.models import Flag
from ecommerce.flags.rules import bucket, decide
from ecommerce.flags.types import FlagRules, SetFlag
from ecommerce.identity import SYSTEM, Viewer
from ecommerce.ids import new_id
from ecommerce.ttl_cache import TtlCache

KEY = "checkout.express"


def flag(**rules: Any) -> FlagRules:
    return FlagRules(
        **{
            "key": KEY,
            "enabled": True,
            "percentage": 100,
            "roles": frozenset(),
            "channels": frozenset(),
            "version": 1,
            **rules,
        }
    )


def user(*roles: str) -> Viewer:
    return Viewer(user_id=new_id(), roles=frozenset(roles))


def set_flag(**rules: Any) -> None:
    services.set_flag(SetFlag(**{"key": KEY, "enabled": True, **rules}), viewer=SYSTEM, now=now())
    TtlCache.clear_all()


def test_a_flag_without_rules_is_its_switch() -> None:
    assert decide(flag(), None, None).decision is True
    assert decide(flag(enabled=False), user("admin"), "web").decision is False


def test_every_rule_must_let_through() -> None:
    rules = flag(roles=frozenset({"operator"}), channels=frozenset({"web"}))

    assert decide(rules, user("operator"), "web").decision is True
    assert decide(rules, user("customer"), "web").decision is False
    assert decide(rules, user("operator"), "app").decision is False
    assert decide(rules, None, None).decision is False


@given(st.uuids(), st.integers(0, 100), st.integers(0, 100))
def test_raising_the_percentage_never_turns_anybody_off(who: Any, one: int, other: int) -> None:
    viewer = Viewer(user_id=who)
    low, high = sorted((one, other))

    if decide(flag(percentage=low), viewer, None).decision:
        assert decide(flag(percentage=high), viewer, None).decision


def test_a_rollout_reaches_about_its_share_and_differs_by_flag() -> None:
    people = [str(new_id()) for _ in range(4000)]
    reached = {person for person in people if bucket("one", person) < 25}
    others = {person for person in people if bucket("two", person) < 25}

    assert 850 < len(reached) < 1150
    assert 180 < len(reached & others) < 320


def test_a_guest_is_counted_by_the_token_and_nobody_is_in_no_rollout() -> None:
    guest = Viewer(guest_token_hash="ab" * 32)
    some = flag(percentage=99)

    assert decide(some, guest, None) == decide(some, guest, None)
    assert decide(some, Viewer(), None).decision is False
    assert decide(flag(percentage=100), Viewer(), None).decision is True


@pytest.mark.django_db
def test_a_decision_is_explained() -> None:
    set_flag(roles=("operator",))
    explained = services.explain(KEY, viewer=user("customer"))

    assert explained.decision is False
    assert explained.inputs_version == f"{KEY}@1"
    assert [(reason.rule, reason.outcome, reason.why) for reason in explained.reasons] == [
        ("switch", "pass", "the flag is on"),
        ("roles", "refuse", "for operator"),
    ]
    assert services.explain("no.such", default=True).decision is True


@pytest.mark.django_db
def test_asking_costs_one_statement_for_all_flags(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    set_flag()

    with django_assert_num_queries(1):
        assert [enabled(KEY), enabled("no.such"), enabled("no.such", default=True)] == [
            True,
            False,
            True,
        ]


@pytest.mark.django_db
def test_a_change_of_another_process_is_seen_within_five_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("ecommerce.ttl_cache.time.monotonic", lambda: clock[0])
    assert enabled(KEY) is False

    Flag.objects.create(key=KEY, enabled=True)
    clock[0] += 4.1

    assert enabled(KEY) is True


@pytest.mark.django_db
def test_without_the_database_the_last_known_counts_and_else_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_flag()
    monkeypatch.setattr(services, "_last_known", {})
    down = patch.object(Flag.objects, "all", side_effect=OperationalError("gone"))

    with down:
        assert enabled(KEY, default=False) is False
        assert enabled(KEY, default=True) is True
    TtlCache.clear_all()
    assert enabled(KEY) is True
    TtlCache.clear_all()
    with down:
        assert enabled(KEY) is True


@pytest.mark.django_db
def test_setting_a_flag_is_audited_once(django_capture_on_commit_callbacks: Any) -> None:
    boss = user("admin")
    command = SetFlag(key=KEY, enabled=True, percentage=10)
    assert enabled(KEY) is False

    with django_capture_on_commit_callbacks(execute=True):
        services.set_flag(command, viewer=boss, now=now())
    for _ in range(2):
        services.set_flag(SetFlag(key=KEY, enabled=True), viewer=boss, now=now())

    first, second = Entry.objects.order_by("id")
    assert (first.action, first.entity_id, first.actor_id) == (
        "flags.flag.created",
        KEY,
        boss.user_id,
    )
    assert (second.action, second.changes) == ("flags.flag.changed", {"percentage": [10, 100]})
    assert Flag.objects.get().version == 2
    TtlCache.clear_all()
    assert enabled(KEY) is True

    for _ in range(2):
        services.remove_flag(key=KEY, viewer=boss)
    TtlCache.clear_all()
    assert enabled(KEY) is False
    assert Entry.objects.filter(action="flags.flag.removed").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"key": "Not A Key"}, {"percentage": 101}, {"roles": ("pirate",)}]
)
def test_a_wrong_flag_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        set_flag(**wrong)

    assert not Flag.objects.exists()


@pytest.mark.django_db
def test_the_database_bounds_the_percentage() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Flag.objects.create(key=KEY, percentage=101)


@pytest.mark.django_db
def test_the_admin_sets_and_removes_flags_with_a_trail(
    client: Client, django_user_model: Any
) -> None:
    client.force_login(django_user_model.objects.create_superuser("boss@example.com", "x"))
    form = {"description": "", "enabled": "on", "percentage": "50", "roles": ["operator"]}

    client.post("/admin/flags/flag/add/", {**form, "key": KEY, "channels": "web"})
    client.post(f"/admin/flags/flag/{KEY}/change/", {**form, "percentage": "60", "channels": ""})

    saved = Flag.objects.get()
    assert (saved.percentage, saved.roles, saved.channels) == (60, ["operator"], [])
    assert client.get("/admin/flags/flag/").status_code == 200
    client.post(f"/admin/flags/flag/{KEY}/delete/", {"post": "yes"})
    assert [entry.action for entry in Entry.objects.order_by("id")] == [
        "flags.flag.created",
        "flags.flag.changed",
        "flags.flag.removed",
    ]
