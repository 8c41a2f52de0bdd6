"""Looks for floats in code about money: binary fractions cannot hold a tenth of a euro."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from proving.shop import ROOT

_MONEY = re.compile("minor|amount|price|total|discount|tax|captured|refunded|authorized", re.I)
_ALL_MONEY = (
    "apps/pricing",
    "apps/orders",
    "apps/payments/domain",
    "apps/payments/models",
    "ecommerce/money.py",
)
_SOME_MONEY = ("apps/payments", "apps/*/domain")


def floats() -> Iterator[str]:
    """Where one is: anywhere in rooms that are all about money, elsewhere in what names an amount."""
    for path in _sources(_ALL_MONEY):
        yield from floats_in(path, everywhere=True)
    for path in _sources(_SOME_MONEY):
        yield from floats_in(path, everywhere=False)


def _sources(places: tuple[str, ...]) -> Iterator[Path]:
    for place in places:
        for found in ROOT.glob(place):
            files = found.rglob("*.py") if found.is_dir() else [found]
            yield from (path for path in files if "tests" not in path.parts)


def floats_in(path: Path, *, everywhere: bool) -> Iterator[str]:
    """The statements of a file that hold one, and its lines."""
    for statement in ast.walk(ast.parse(path.read_text())):
        if isinstance(statement, ast.stmt):
            own = list(_own_nodes(statement))
            about_money = everywhere or any(map(_names_money, own))
            if about_money and any(map(_is_float, own)):
                yield f"{path}:{statement.lineno}"


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """What belongs to a statement, but not to those within it."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += (one for one in ast.iter_child_nodes(node) if not isinstance(one, ast.stmt))


def _names_money(node: ast.AST) -> bool:
    names = (getattr(node, name, None) for name in ("id", "attr", "arg", "name"))
    return any(isinstance(name, str) and _MONEY.search(name) for name in names)


def _is_float(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    return isinstance(node, ast.Name) and node.id == "float"
