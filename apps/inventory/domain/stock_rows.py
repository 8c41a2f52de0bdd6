"""Rows of a stock file: CSV with a header or JSON lines, one at a time, in bounded memory."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

LONGEST_LINE = 64 * 1024
MAX_UNITS = 1_000_000_000
_NUMBER = re.compile(r"[+-]?[0-9]{1,11}")
_LENGTHS = {"sku": 100, "location": 40, "reason": 200}


@dataclass(frozen=True, kw_only=True, slots=True)
class StockRow:
    """So many units of a SKU (id or code) at a location: counted, or more or less."""

    row: int
    sku: str
    units: int
    location: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BadRow:
    """A row that cannot mean anything, and why. Rows count from 1, a CSV's header being row 1."""

    row: int
    pointer: str
    code: str
    detail: str


class NoStockFile(Exception):
    """The file is not of its format at all."""


class _Wrong(Exception):
    def __init__(self, pointer: str, code: str, detail: str) -> None:
        super().__init__(detail)
        self.pointer, self.code, self.detail = pointer, code, detail


def read_rows(
    file: IO[bytes], *, form: str, signed: bool, location: str
) -> Iterator[StockRow | BadRow]:
    """The rows of a ``csv`` or ``ndjson``; ``signed`` units may be less than nothing, but not nothing.

    Members: sku, quantity, and where wanted location and reason. Raises NoStockFile.
    """
    records = _json_lines(file) if form == "ndjson" else _csv_rows(file)
    for row, record in records:
        try:
            if isinstance(record, _Wrong):
                raise record
            yield _row(row, record, signed=signed, location=location)
        except _Wrong as wrong:
            yield BadRow(row=row, pointer=wrong.pointer, code=wrong.code, detail=wrong.detail)


def _row(row: int, record: Mapping[str, Any], *, signed: bool, location: str) -> StockRow:
    sku = _text(record, "sku")
    if not sku:
        raise _Wrong("sku", "required", "names no SKU")
    return StockRow(
        row=row,
        sku=sku,
        units=_units(record.get("quantity"), signed=signed),
        location=_text(record, "location") or location,
        reason=_text(record, "reason") or "imported",
    )


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > _LENGTHS[name] or "\x00" in value:
        raise _Wrong(name, "text", f"is no text of up to {_LENGTHS[name]} characters")
    return value.strip()


def _units(value: Any, *, signed: bool) -> int:
    if isinstance(value, str):
        value = int(value) if _NUMBER.fullmatch(value.strip()) else None
    if type(value) is not int or abs(value) > MAX_UNITS:
        raise _Wrong("quantity", "number", "is no whole number of units")
    if signed and value == 0:
        raise _Wrong("quantity", "zero", "changes nothing")
    if not signed and value < 0:
        raise _Wrong("quantity", "negative", "nobody counts less than nothing")
    return value


def _json_lines(file: IO[bytes]) -> Iterator[tuple[int, Mapping[str, Any] | _Wrong]]:
    row = 0
    while line := file.readline(LONGEST_LINE):
        row += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            _leave_line(file)
            yield row, _Wrong("", "too-long", f"is longer than {LONGEST_LINE} bytes")
            continue
        if not line.strip():
            continue
        try:
            record = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
        except (ValueError, RecursionError):
            yield row, _Wrong("", "json", "is not JSON")
            continue
        yield row, record if isinstance(record, dict) else _Wrong("", "json", "is no object")


def _leave_line(file: IO[bytes]) -> None:
    while (more := file.readline(LONGEST_LINE)) and not more.endswith(b"\n"):
        pass


def _csv_rows(file: IO[bytes]) -> Iterator[tuple[int, Mapping[str, Any] | _Wrong]]:
    lines = _decoded(file)
    header = next(lines, "").removeprefix("\ufeff")
    delimiter = max(",;\t", key=header.count)
    names = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    if not {"sku", "quantity"} <= set(names):
        raise NoStockFile("the first row names the columns, sku and quantity among them")
    reader = csv.reader(lines, delimiter=delimiter)
    row = 1
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield row, _Wrong("", "csv", str(error))
            reader = csv.reader(lines, delimiter=delimiter)
            continue
        if any(cells):
            extra = len(cells) > len(names)
            yield (
                row,
                _Wrong("", "columns", "has more cells than columns")
                if extra
                else dict(zip(names, cells, strict=False)),
            )


def _decoded(file: IO[bytes]) -> Iterator[str]:
    """Lines; one that does not end is cut, and its rest is a line of its own."""
    while line := file.readline(LONGEST_LINE):
        try:
            yield line.decode()
        except UnicodeDecodeError:
            yield line.decode("utf-8", "replace")


def in_batches(rows: Iterator[StockRow | BadRow], size: int) -> Iterator[list[StockRow | BadRow]]:
    """So many at a time."""
    while batch := list(islice(rows, size)):
        yield batch
