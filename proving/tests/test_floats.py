"""The search for floats finds them where money is, and only there."""

from pathlib import Path

from proving.floats import floats_in

CODE = """
TAX = 0.21
PATIENCE_SECONDS = 1.5
def total_of(lines: list[int]) -> float:
    wait = 0.5
    return sum(lines)
"""


def found(path: Path, *, everywhere: bool) -> list[int]:
    return sorted(int(one.rsplit(":", 1)[1]) for one in floats_in(path, everywhere=everywhere))


def test_a_float_beside_an_amount_is_found(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text(CODE)

    assert found(tmp_path / "code.py", everywhere=False) == [2, 4]


def test_a_room_that_is_all_about_money_has_none_at_all(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text(CODE)

    assert found(tmp_path / "code.py", everywhere=True) == [2, 3, 4, 5]
