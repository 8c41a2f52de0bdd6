"""Records of a CSV file, one at a time in bounded memory, whatever the file holds.

A row that is too long, too wide or not UTF-8 is refused alone; reading goes on behind it.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from apps.catalog.domain.importing.incoming import Refused, RowFault

MAX_RECORD = 2 * 1024 * 1024
MAX_COLUMNS = 1000
csv.field_size_limit(MAX_RECORD)  # the module's default of 128 KiB is less than a long description


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A row: its number (the header is 1), its cells, and how many bytes it took."""

    row: int
    cells: list[str]
    size: int


class TooLong(Exception):
    """The record does not end within MAX_RECORD bytes."""


class _Lines(Iterator[str]):
    """Decoded physical lines, with what is to be known of the record that they make up."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.begin()

    def begin(self) -> None:
        self.size = 0
        self.quotes = 0
        self.broken = False

    def __next__(self) -> str:
        line = self._file.readline(MAX_RECORD)
        if not line:
            raise StopIteration
        self.size += len(line)
        self.quotes += line.count(b'"')
        if self.size >= MAX_RECORD:
            self._leave_line(line)
            raise TooLong
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError:
            self.broken = True
            return line.decode("utf-8", "replace")

    def _leave_line(self, line: bytes) -> None:
        while line and not line.endswith(b"\n"):
            line = self._file.readline(MAX_RECORD)
            self.quotes += line.count(b'"')

    def leave_record(self) -> None:
        """Read past the closing quote if it comes soon; past this line if it does not."""
        skipped = 0
        while self.quotes % 2 and skipped < MAX_RECORD:
            line = self._file.readline(MAX_RECORD)
            if not line:
                return
            skipped += len(line)
            self.quotes += line.count(b'"')
            self._leave_line(line)


def header_of(file: IO[bytes]) -> str:
    """The first line, without a byte order mark. Raises Refused where it cannot be a header."""
    line = file.readline(MAX_RECORD)
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("", "the file is UTF-16; save it as UTF-8", "encoding")
    if len(line) >= MAX_RECORD:
        raise Refused("", "the header is too long", "header")
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("", "the header is not UTF-8", "encoding") from error


def columns_of(header: str, delimiter: str, quote: str) -> list[str]:
    """The names of the columns. Raises Refused for none or too many of them."""
    names = next(_rows([header], delimiter, quote), [])
    if not any(name.strip() for name in names):
        raise Refused("", "the file has no header", "header")
    if len(names) > MAX_COLUMNS:
        raise Refused("", f"the header has more than {MAX_COLUMNS} columns", "header")
    return [name.strip() for name in names]


def delimiter_of(header: str) -> str:
    """The separator that the header has most of."""
    return max(",;\t|", key=header.count)


def _rows(lines: Iterable[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    if not quote:
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=delimiter, quotechar=quote)


def records_of(
    file: IO[bytes], *, width: int, delimiter: str, quote: str
) -> Iterator[Record | RowFault]:
    """The records behind the header, each with ``width`` cells."""
    lines = _Lines(file)
    row = 1
    reader = _rows(lines, delimiter, quote)
    while True:
        lines.begin()
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except TooLong:
            if quote:
                lines.leave_record()
            reader = _rows(lines, delimiter, quote)
            yield _fault(row, f"the row is longer than {MAX_RECORD} bytes", "too_long")
            continue
        except csv.Error as error:
            yield _fault(row, str(error), "csv")
            continue
        if any(cells):
            yield _checked(row, cells, width, lines)


def _checked(row: int, cells: list[str], width: int, lines: _Lines) -> Record | RowFault:
    if lines.broken:
        return _fault(row, "the row is not UTF-8", "encoding")
    if len(cells) > width and any(cells[width:]):
        return _fault(row, f"the row has {len(cells)} cells under {width} columns", "columns")
    cells = cells[:width] + [""] * (width - len(cells))
    return Record(row=row, cells=cells, size=lines.size)


def _fault(row: int, detail: str, code: str) -> RowFault:
    return RowFault(row=row, last_row=row, pointer="", detail=detail, code=code)
