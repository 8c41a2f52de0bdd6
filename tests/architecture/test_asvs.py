"""The table of the ASVS names tests, experiments and code that there are."""

import re
from pathlib import Path

from abusing import ABUSE
from proving.experiment import FAULTS, experiments

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "asvs.md").read_text()
ROWS = re.findall(r"^\| (\d[\d., ]*) \| ([12]) \| .* \| (.+) \|$", PAGE, flags=re.MULTILINE)
NAMED = re.findall(r"`([\w./-]+\.(?:py|md|txt|toml))(?:::(\w+))?`", PAGE)


def test_every_file_and_every_test_that_is_named_exists() -> None:
    missing = [
        f"{file}::{test}"
        for file, test in NAMED
        if not (ROOT / file).is_file() or (f"def {test}" not in (ROOT / file).read_text() and test)
    ]

    assert len(NAMED) > 60
    assert missing == []


def test_every_experiment_that_is_named_exists() -> None:
    known = {("abuse", str(one.number)) for one in experiments(ABUSE)}
    known |= {("faults", str(one.number)) for one in experiments(FAULTS)}

    assert set(re.findall(r"`(abuse|faults) (\d+)`", PAGE)) - known == set()


def test_every_requirement_is_shown_or_open_or_does_not_apply() -> None:
    unshown = [number for number, _, shown in ROWS if not re.search(r"`|\*|Django|office", shown)]

    assert len(ROWS) > 100
    assert unshown == []
