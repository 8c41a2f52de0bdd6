"""What operators have: commands, the admin, metrics."""

from collections.abc import Sequence
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.admin.sites import AdminSite
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from ecommerce import clock
from ecommerce.events import Envelope, metrics
from ecommerce.events.admin import ConsumerAdmin, DeadLetterAdmin, LogAdmin
from ecommerce.events.models import ConsumerState, DeadLetter, LogEntry
from ecommerce.events.testing import drain
from ecommerce.events.tests.kit import PARCEL_SENT, listening, rows, send
from ecommerce.events.watching import consumer_statuses
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db
NAME = "test.operated"


def fail_on_two(events: Sequence[Envelope]) -> None:
    for event in events:
        if event.payload["number"] == 2:
            raise ValueError("two")


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def letters(status: str = "open") -> list[str]:
    return [str(found) for (found,) in rows("SELECT id FROM dead_letter WHERE status = %s", status)]


def test_consumers_are_listed_paused_and_resumed() -> None:
    with listening(NAME, lambda events: None):
        send(("a", 1))
        drain()
        assert NAME in run("consumers")
        assert "paused" in run("consumers", "pause", NAME)
        assert "outbox 0" in run("consumers", "resume", NAME)
        assert rows("SELECT paused_at FROM event_consumer WHERE name = %s", NAME) == [(None,)]
        with pytest.raises(CommandError, match="is declared in the code"):
            run("consumers", "forget", NAME)
    run("consumers", "forget", NAME)
    with pytest.raises(CommandError, match="No consumer is called"):
        run("consumers", "pause", NAME)


def test_dead_letters_are_listed_shown_redriven_and_discarded() -> None:
    with listening(NAME, fail_on_two, attempts=1):
        send(("a", 2), ("a", 3), ("b", 2))
        drain(raise_errors=False)
        assert "ValueError: two" in run("dead_letters", "list")
        shown = run("dead_letters", "show", letters()[0])
        assert "Traceback" in shown
        assert '"number": 2' in shown
        assert "2 will be tried again" in run("dead_letters", "redrive", "--consumer", NAME)
        drain(raise_errors=False)
        assert "1 discarded" in run("dead_letters", "discard", letters()[0])
        drain(raise_errors=False)

    assert (len(letters()), len(letters("discarded"))) == (1, 1)
    with pytest.raises(CommandError, match="No dead letter has the id"):
        run("dead_letters", "show", str(new_id()))
    with pytest.raises(CommandError, match="Name dead letters"):
        run("dead_letters", "discard")


def test_the_log_is_tailed_by_type_key_and_position() -> None:
    send(("a", 1), ("b", 2), ("a", 3))
    drain()

    assert [line.split()[-1] for line in run("events_tail", "-n", "2").splitlines()] == [
        '{"number":2,"parcel":"b"}',
        '{"number":3,"parcel":"a"}',
    ]
    assert run("events_tail", "--key", "a").count(PARCEL_SENT) == 2
    assert run("events_tail", "--type", "ecommerce.testing.*").count(PARCEL_SENT) == 3
    assert run("events_tail", "--type", "ecommerce.other.*") == ""
    assert run("events_tail", "--from", "2").count(PARCEL_SENT) == 1
    assert '"specversion":"1.0"' in run("events_tail", "-n", "1", "--format", "cloudevents")
    assert '"position":3' in run("events_tail", "-n", "1", "--format", "json")


def test_the_figures_for_prometheus_come_from_the_tables() -> None:
    with listening(NAME, fail_on_two, attempts=1):
        send(("a", 1), ("a", 2), ("a", 3))
        assert metrics.outbox_depth() == {(): 3}
        drain(raise_errors=False)
        send(("a", 4))

    assert metrics.outbox_age()[()] >= 0
    assert metrics.log_position() == {(): 3}
    assert metrics.handled()[(NAME,)] == 1
    assert metrics.parked()[(NAME,)] == 2
    assert metrics.dead_letters()[(NAME,)] == 1
    assert metrics.lag_events()[(NAME,)] == 0
    assert metrics.lag_seconds()[(NAME,)] == 0


def request() -> Any:
    made = RequestFactory().get("/admin/")
    made.user = SimpleNamespace(is_active=True, is_staff=True, has_perm=lambda *_: True)  # type: ignore[assignment]  # any user
    made.session = {}  # type: ignore[assignment]  # no session is read
    made._messages = FallbackStorage(made)  # type: ignore[attr-defined]  # what the middleware does
    return made


def test_the_admin_lists_consumers_with_their_figures_and_pauses_them() -> None:
    page = ConsumerAdmin(ConsumerState, AdminSite())
    with listening(NAME, lambda events: None):
        send(("a", 1))
        drain()
        chosen = ConsumerState.objects.filter(name=NAME)
        changelist = page.get_changelist_instance(request())
        (row,) = [row for row in changelist.result_list if row.name == NAME]
        assert (page.lag(row), page.handled(row), page.parked(row), page.dead_letters(row)) == (
            0,
            1,
            0,
            0,
        )
        assert (page.running(row), page.replayable(row), page.lag_seconds(row)) == (True, False, 0)
        page.pause(request(), chosen)
        assert [
            s.paused_at is None for s in consumer_statuses(now=clock.now()) if s.name == NAME
        ] == [False]
        page.resume(request(), chosen)
        assert [
            s.paused_at is None for s in consumer_statuses(now=clock.now()) if s.name == NAME
        ] == [True]


def test_the_admin_redrives_and_discards_dead_letters() -> None:
    page = DeadLetterAdmin(DeadLetter, AdminSite())
    with listening(NAME, fail_on_two, attempts=1):
        send(("a", 2))
        drain(raise_errors=False)
        page.redrive(request(), DeadLetter.objects.all())
        drain(raise_errors=False)
        page.discard(request(), DeadLetter.objects.all())
        page.discard(request(), DeadLetter.objects.all())

    assert len(letters("discarded")) == 1


def test_nobody_writes_to_the_log_through_the_admin() -> None:
    page = LogAdmin(LogEntry, AdminSite())

    assert not page.has_add_permission(request())
    assert not page.has_change_permission(request())
    assert not page.has_delete_permission(request())
