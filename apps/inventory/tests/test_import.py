"""Stock files: row by row, once each, in bounded memory, and nothing at all where one only asks."""

import io
import json
import os
import signal
import tracemalloc
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from apps.catalog import services as catalog
from apps.inventory import services
from apps.inventory.models import StockMovement
from apps.inventory.tests.factories import counts, location, order_of, stocked
from apps.inventory.types import AdjustStock
from ecommerce import steps
from ecommerce.clock import now
from ecommerce.events.testing import published
from ecommerce.identity import SYSTEM, Viewer
from ecommerce.ids import new_id
from ecommerce.jobs.models import Job
from ecommerce.jobs.services import get_job, open_result, row_errors, run_job
from ecommerce.jobs.types import JobView

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> dict[str, UUID]:
    """Five mugs and two pots; the catalog knows no more."""
    skus = {"MUG": stocked(5), "POT": stocked(2)}
    known(monkeypatch, skus)
    return skus


def known(monkeypatch: pytest.MonkeyPatch, skus: dict[str, UUID]) -> None:
    names = {i: SimpleNamespace(id=i, code=code, seller="acme") for code, i in skus.items()}

    def find_skus(*, ids: Any = (), codes: Any = ()) -> Mapping[UUID, Any]:
        wanted = {*ids, *(skus[code] for code in codes if code in skus)}
        return {key: names[key] for key in wanted if key in names}

    monkeypatch.setattr(catalog, "find_skus", find_skus)


def imported(text: str, *, run: bool = True, **params: Any) -> JobView:
    params = {"format": "csv", "mode": "deltas", "dry_run": False, "reference": "", **params}
    file = io.BytesIO(text.encode())
    job = services.start_stock_import(file=file, file_name="f", params=params, viewer=SYSTEM)
    if run:
        assert run_job(job.id)
    return get_job(job_id=job.id, viewer=SYSTEM)


def errors_of(job: JobView) -> list[tuple[int, str]]:
    return [(error.row, error.code) for error in row_errors(job_id=job.id, viewer=SYSTEM)]


FILE = "sku;quantity;location;reason\nMUG;-2;;broken\nPOT;3;main;\nTEA;1;;\nMUG;-9;;\nPOT;1;mars;\nPOT;x;;\n"
REFUSED = [
    (4, "inventory/unknown-sku"),
    (5, "inventory/insufficient-stock"),
    (6, "inventory/unknown-location"),
    (7, "number"),
]


def test_each_row_is_applied_or_refused_by_itself(shelf: dict[str, UUID]) -> None:
    job = imported(FILE)
    assert (job.state, job.done, job.refused, job.total) == ("SUCCEEDED", 6, 4, 6)
    assert errors_of(job) == REFUSED
    assert (counts(shelf["MUG"]), counts(shelf["POT"])) == ((3, 0, 0), (5, 0, 0))
    assert services.audit_stock().clean


@pytest.mark.parametrize("units", ["1_000", "１２", "1e3", "1.0", "0x10", "9" * 5_000])
def test_only_plain_digits_are_a_number(shelf: dict[str, UUID], units: str) -> None:
    assert errors_of(imported(f"sku,quantity\nMUG,{units}\nPOT,+2\n")) == [(2, "number")]
    assert (counts(shelf["MUG"])[0], counts(shelf["POT"])[0]) == (5, 4)


def test_the_same_file_again_changes_nothing_but_with_another_reference(
    shelf: dict[str, UUID],
) -> None:
    imported(FILE)
    imported(FILE)
    assert counts(shelf["MUG"]) == (3, 0, 0)
    imported(FILE, reference="tuesday")
    assert counts(shelf["MUG"]) == (1, 0, 0)


def test_counts_are_taken_as_counted_and_promises_stand(shelf: dict[str, UUID]) -> None:
    services.reserve_stock(order_of({shelf["POT"]: 2}))
    location("north")
    text = '{"sku":"MUG","quantity":9}\n{"sku":"POT","quantity":0}\nnonsense\n{"sku":"MUG","quantity":4,"location":"north"}\n{"sku":"MUG","quantity":-1}\n'
    job = imported(text, mode="counts", format="ndjson")
    assert (counts(shelf["MUG"]), counts(shelf["POT"])) == ((13, 0, 0), (2, 2, 0))
    assert errors_of(job) == [(3, "json"), (5, "negative")]


def test_a_dry_run_reports_every_row_and_changes_nothing(shelf: dict[str, UUID]) -> None:
    movements, events = StockMovement.objects.count(), len(published())
    job = imported(FILE, dry_run=True)
    assert errors_of(job) == REFUSED
    _, report = open_result(job_id=job.id, viewer=SYSTEM)
    lines = report.read().decode().splitlines()
    assert lines[0] == "row,outcome,sku,location,onHand,code,detail"
    assert [line.split(",")[:5] for line in lines[1:3]] == [
        ["2", "applied", "MUG", "main", "3"],
        ["3", "applied", "POT", "main", "5"],
    ]
    assert len(lines) == 7
    assert (StockMovement.objects.count(), len(published())) == (movements, events)
    assert counts(shelf["MUG"]) == (5, 0, 0)


@pytest.mark.parametrize("text", ["", "name,price\nMUG,1\n"])
def test_a_file_of_another_kind_is_refused_whole(shelf: dict[str, UUID], text: str) -> None:
    job = imported(text)
    assert (job.state, job.error_code) == ("FAILED", "inventory/not-a-stock-file")


def test_rows_that_never_end_are_refused_alone(shelf: dict[str, UUID]) -> None:
    long = '{"sku":"' + "x" * 200_000 + '"}\n'
    job = imported(long + '{"sku":"MUG","quantity":1}\n', format="ndjson")
    assert errors_of(job) == [(1, "too-long")]
    assert counts(shelf["MUG"]) == (6, 0, 0)


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_killed_import_is_taken_up_and_counts_each_row_once(
    shelf: dict[str, UUID], monkeypatch: pytest.MonkeyPatch, dry_run: bool
) -> None:
    monkeypatch.setattr("apps.inventory.services._import.BATCH_ROWS", 10)
    text = "sku,quantity\n" + "MUG,1\n" * 45 + "TEA,1\n" + "MUG,1\n" * 4
    job = imported(text, run=False, dry_run=dry_run)
    killed_while_running(job.id, after=2)
    Job.objects.filter(id=job.id).update(heartbeat_at=now() - timedelta(days=1))
    assert Job.objects.get(id=job.id).done == 20

    assert run_job(job.id)
    done = get_job(job_id=job.id, viewer=SYSTEM)
    assert (done.state, done.done, done.refused) == ("SUCCEEDED", 50, 1)
    assert counts(shelf["MUG"]) == (5 if dry_run else 54, 0, 0)
    _, result = open_result(job_id=job.id, viewer=SYSTEM)
    if dry_run:
        assert len(result.read().splitlines()) == 51
    else:
        assert json.load(result) == {"rows": 50, "applied": 49, "refused": 1}


def killed_while_running(job_id: UUID, *, after: int) -> None:
    """Run the job in a process that dies within the batch behind so many."""
    connection.close()
    child = os.fork()
    if child == 0:
        passes = iter(range(after))

        def die() -> None:
            if next(passes, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        steps.arm("inventory.in_import_batch", die)
        run_job(job_id)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


def test_ten_thousand_rows_take_the_memory_of_a_batch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    location()
    skus = {f"S-{n}": new_id() for n in range(10_000)}
    known(monkeypatch, skus)
    text = "sku,quantity\n" + "".join(f"{code},3\n" for code in skus)
    job = imported(text, run=False)
    tracemalloc.start()
    assert run_job(job.id)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert get_job(job_id=job.id, viewer=SYSTEM).refused == 0
    assert StockMovement.objects.count() == 10_000
    assert peak < 5_000_000


def test_operators_start_one_over_http_and_shoppers_do_not(api: Any, shelf: Any) -> None:
    def send(role: str) -> Any:
        api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({role})))
        file = io.BytesIO(b"sku,quantity\nMUG,1\n")
        file.name = "stock.csv"
        body = {"file": file, "mode": "deltas", "dryRun": "true"}
        return api.post("/api/v1/imports/inventory", body, format="multipart")

    assert send("customer").status_code == 403
    answer = send("operator")
    assert answer.status_code == 202, answer.content
    assert run_job(UUID(answer.json()["id"]))
    assert api.json_of("GET", answer["Location"], status=200)["state"] == "SUCCEEDED"
    with transaction.atomic():
        assert counts(shelf["MUG"]) == (5, 0, 0)


def test_the_command_brings_a_file_in(shelf: dict[str, UUID], tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "stock.csv"
    file.write_text(FILE)
    call_command("import_stock", str(file), "--mode", "deltas", "--dry-run")
    assert "4,refused,TEA" in capsys.readouterr().out
    call_command("import_stock", str(file), "--mode", "deltas")
    assert "6 rows, 4 refused" in capsys.readouterr().out
    assert counts(shelf["MUG"]) == (3, 0, 0)


def test_a_count_that_changed_nothing_is_not_taken_again_when_stock_has_moved(
    shelf: dict[str, UUID],
) -> None:
    text = "sku,quantity\nMUG,5\n"
    imported(text, mode="counts")
    services.adjust_stock(AdjustStock(sku_id=shelf["MUG"], delta=-2, reason="sold"))
    imported(text, mode="counts")
    assert counts(shelf["MUG"]) == (3, 0, 0)
    imported(text, mode="counts", reference="tuesday")
    assert counts(shelf["MUG"]) == (5, 0, 0)


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_row_of_more_than_can_be_counted_is_refused_by_itself(
    shelf: dict[str, UUID], dry_run: bool
) -> None:
    many = "MUG,1000000000\n"
    done = imported(f"sku,quantity\n{many}{many}{many}POT,1\n", dry_run=dry_run)

    assert (done.state, done.refused) == ("SUCCEEDED", 1)
    assert errors_of(done) == [(4, "inventory/too-many-units")]
    assert counts(shelf["POT"]) == (2 if dry_run else 3, 0, 0)
