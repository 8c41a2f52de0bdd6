"""Old months leave for files, whole or not at all, and can be read back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from ecommerce import clock
from ecommerce.events.archiving import archive_events, last_archived_position, read_archives
from ecommerce.events.errors import ArchiveDamaged, ConsumersBehind
from ecommerce.events.months import ensure_months, month_of, present_months
from ecommerce.events.offsets import enlist
from ecommerce.events.testing import drain, published
from ecommerce.events.tests.kit import listening, record_as_of, rows, send

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2024, 2, 10, 12, tzinfo=UTC)


def old_events(count: int) -> None:
    """Events that were recorded long ago, caught by the default part and then given their month."""
    send(*(("a", number) for number in range(count)))
    drain()
    record_as_of(LONG_AGO)
    ensure_months(now=LONG_AGO, ahead=0)


def test_a_month_leaves_with_every_event_and_reads_back_the_same(tmp_path: Path) -> None:
    old_events(25)
    before = published()
    (archive,) = archive_events(older_than=timedelta(days=90), directory=tmp_path, now=clock.now())

    assert (archive.name, archive.rows) == ("event_log_2024_02", 25)
    assert published() == []
    assert list(read_archives(after=0)) == before
    assert [event.position for event in read_archives(after=before[-2].position)] == [
        last_archived_position()
    ]
    assert "event_log_2024_02" not in {month.table for month in present_months()}


def test_what_a_consumer_has_not_read_stays(tmp_path: Path) -> None:
    old_events(3)
    with listening("test.slow", lambda events: None):
        with pytest.raises(ConsumersBehind, match=r"test\.slow"):
            archive_events(older_than=timedelta(days=90), directory=tmp_path, now=clock.now())
        with pytest.raises(CommandError, match=r"test\.slow"):
            call_command("archive_events", "--older-than-days", "90", "--to", str(tmp_path))
        assert len(published()) == 3
        drain()
        assert (
            len(archive_events(older_than=timedelta(days=90), directory=tmp_path, now=clock.now()))
            == 1
        )


def test_what_is_parked_stays(tmp_path: Path) -> None:
    def fail(events: object) -> None:
        raise ValueError

    old_events(1)
    with listening("test.parked", fail):
        drain(raise_errors=False)
        with pytest.raises(ConsumersBehind, match=r"test\.parked"):
            archive_events(older_than=timedelta(days=90), directory=tmp_path, now=clock.now())


def test_a_recent_month_stays(tmp_path: Path) -> None:
    old_events(1)

    assert (
        archive_events(older_than=timedelta(days=36_500), directory=tmp_path, now=clock.now()) == []
    )


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    old_events(3)
    (archive,) = archive_events(older_than=timedelta(days=90), directory=tmp_path, now=clock.now())
    path = Path(archive.path)
    path.write_bytes(path.read_bytes() + b"x")

    with pytest.raises(ArchiveDamaged):
        list(read_archives(after=0))


def test_months_are_made_ahead_and_only_once() -> None:
    far = datetime(2031, 11, 5, tzinfo=UTC)

    assert ensure_months(now=far) == [
        "event_log_2031_11",
        "event_log_2031_12",
        "event_log_2032_01",
        "event_log_2032_02",
    ]
    assert ensure_months(now=far) == []


def test_the_months_ahead_exist_from_the_first_migration_on() -> None:
    tables = {month.table for month in present_months()}

    assert month_of(clock.now()).table in tables


def test_events_that_the_default_part_caught_move_to_their_month() -> None:
    with time_machine.travel(datetime(2031, 11, 5, tzinfo=UTC)):
        enlist(now=clock.now())
        send(("a", 1))
        drain()
    record_as_of(datetime(2031, 11, 5, tzinfo=UTC))
    ensure_months(now=datetime(2031, 11, 5, tzinfo=UTC))

    assert rows("SELECT count(*) FROM event_log_2031_11") == [(1,)]
    assert rows("SELECT count(*) FROM event_log_default") == [(0,)]
