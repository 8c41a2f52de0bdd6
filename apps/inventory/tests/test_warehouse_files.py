"""A warehouse that works by files: each counts once, and half a confirmation counts not at all."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from apps.catalog import services as catalog
from apps.inventory import services
from apps.inventory.models import StockLevel, WarehouseFile
from apps.inventory.tests.factories import location, order_of, stocked
from apps.inventory.types import AnnounceReceipt, RequestPick, StockLine
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BARN = "barn"
HEAD = "taskId,sequence,status,sku,done,damaged"


@pytest.fixture
def barn(tmp_path: Path, settings: Any) -> Path:
    settings.WMS_FILES_ROOT = str(tmp_path)
    place = location(BARN)
    place.warehouse_system = "files"
    place.save()
    (tmp_path / BARN / "in").mkdir(parents=True)
    return tmp_path / BARN


@pytest.fixture
def skus(monkeypatch: pytest.MonkeyPatch) -> dict[str, UUID]:
    """MUG and TEA, which the catalog knows."""
    there = {"MUG": new_id(), "TEA": new_id()}

    def find_skus(*, ids: Any = (), codes: Any = ()) -> Any:
        known = [SimpleNamespace(id=sku, code=code) for code, sku in there.items()]
        return {one.id: one for one in known if one.id in ids or one.code in codes}

    monkeypatch.setattr(catalog, "find_skus", find_skus)
    return there


def put(barn: Path, name: str, *lines: str) -> None:
    (barn / "in" / name).write_text("\n".join(lines) + "\n")


def pick(sku: UUID, units: int = 4) -> UUID:
    command = order_of({stocked(units, at=BARN, sku_id=sku): units})
    services.allocate_stock(command, now=NOW)
    task = services.request_pick(RequestPick(location=BARN, order_id=command.order_id), now=NOW)
    assert services.call_warehouses(now=NOW) == 1
    return task.id


def names(folder: Path) -> list[str]:
    return sorted(path.name.split("-")[0] for path in folder.glob("*")) if folder.exists() else []


def test_a_pick_goes_out_and_its_confirmation_comes_in_once(
    barn: Path, skus: dict[str, UUID]
) -> None:
    task_id = pick(skus["MUG"])
    (out,) = (barn / "out").iterdir()
    assert out.read_text().splitlines()[1].split(",")[-3:] == ["MUG", str(skus["MUG"]), "4"]

    for name in ("a.csv", "b.csv", "a.csv"):
        put(barn, name, HEAD, f"{task_id},1,completed,MUG,3,0")
        assert services.read_dropped_files(now=NOW) == 1

    assert services.get_task(task_id=task_id).status == "SHORT"
    assert WarehouseFile.objects.count() == 2
    assert names(barn / "in") == []


def test_a_bad_row_takes_its_task_along_and_no_other(barn: Path, skus: dict[str, UUID]) -> None:
    good, bad = pick(skus["MUG"]), pick(skus["TEA"])
    lines = [
        f"{good},1,completed,{skus['MUG']},4,0",
        f"{bad},1,completed,TEA,many,0",
        f"{new_id()},1,completed,TEA,1,0",
    ]
    put(barn, "c.csv", HEAD, *lines)

    services.read_dropped_files(now=NOW)

    assert services.get_task(task_id=good).status == "PICKED"
    assert services.get_task(task_id=bad).status == "ACCEPTED"
    (report,) = (barn / "failed").glob("*.errors.csv")
    assert [line.split(",")[0] for line in report.read_text().splitlines()] == ["row", "3", "4"]


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "\x00\x01", HEAD])
def test_what_cannot_be_read_is_put_aside(barn: Path, content: str) -> None:
    (barn / "in" / "bad.csv").write_text(content)
    assert services.read_dropped_files(now=NOW) == 1
    assert names(barn / "failed") == ["bad", "bad"]


def test_a_later_number_wins_whichever_file_is_read_first(
    barn: Path, skus: dict[str, UUID]
) -> None:
    lines = (StockLine(sku_id=skus["MUG"], quantity=10),)
    task = services.announce_receipt(AnnounceReceipt(location=BARN, lines=lines), now=NOW)
    services.call_warehouses(now=NOW)
    put(barn, "a.csv", HEAD, f"{task.id},2,completed,MUG,8,1")
    services.read_dropped_files(now=NOW)
    put(barn, "b.csv", HEAD, f"{task.id},1,working,MUG,5,0")
    services.read_dropped_files(now=NOW)

    row = StockLevel.objects.get(sku_id=skus["MUG"])
    assert (row.on_hand, row.damaged, row.incoming) == (8, 1, 0)
    assert services.get_task(task_id=task.id).status == "DONE"


def test_a_snapshot_is_compared(barn: Path, skus: dict[str, UUID]) -> None:
    assert services.compare_stock(location=BARN, now=NOW).error
    for sku in skus.values():
        stocked(5, at=BARN, sku_id=sku)
    put(barn, "s.csv", "sku,onHand", "MUG,5", "TEA,4")
    services.read_dropped_files(now=NOW)

    compared = services.compare_stock(location=BARN, now=NOW)
    assert (compared.skus, compared.differing, compared.error) == (2, 1, "")


def test_a_folder_that_cannot_be_written_is_tried_again(
    barn: Path, skus: dict[str, UUID], settings: Any
) -> None:
    stocked(1, at=BARN, sku_id=skus["MUG"])
    command = order_of({skus["MUG"]: 1})
    services.allocate_stock(command, now=NOW)
    task = services.request_pick(RequestPick(location=BARN, order_id=command.order_id), now=NOW)
    settings.WMS_FILES_ROOT = ""

    assert services.call_warehouses(now=NOW) == 0
    assert services.get_task(task_id=task.id).status == "SENT"


def test_a_number_that_no_column_holds_is_a_bad_row(barn: Path, skus: dict[str, UUID]) -> None:
    task_id = pick(skus["MUG"])
    put(barn, "a.csv", HEAD, f"{task_id},{'9' * 5000},completed,MUG,4,0")
    assert services.read_dropped_files(now=NOW) == 1
    assert WarehouseFile.objects.get().problems
