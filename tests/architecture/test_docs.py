"""What the docs point at exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_place_of_the_readme_exists() -> None:
    table = (ROOT / "README.md").read_text().split("## Where is")[1].split("## ")[0]
    places = re.findall(r"\| `([^`]+)` \|", table)

    assert len(places) >= 15
    assert [place for place in places if not (ROOT / place).exists()] == []


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_locked_dependency_of_ours_is_explained() -> None:
    explained = (ROOT / "docs/reference/dependencies.md").read_text().lower()
    named = [
        re.split(r"[\[~=<>; ]", line)[0].lower()
        for file in ("base.in", "dev.in")
        for line in (ROOT / "requirements" / file).read_text().splitlines()
        if line and not line.startswith(("#", "-"))
    ]

    assert [name for name in named if f"`{name}`" not in explained] == []


def test_every_decision_tells_context_choice_and_cost() -> None:
    lacking = [
        page.name
        for page in (ROOT / "docs/decisions").glob("*.md")
        if page.name != "README.md"
        and not all(f"## {part}" in page.read_text() for part in ("Context", "Choice", "Cost"))
    ]

    assert lacking == []


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs/decisions"
    index = (folder / "README.md").read_text()

    assert [page.name for page in folder.glob("*.md") if f"]({page.name})" not in index] == [
        "README.md"
    ]
