"""Files with one product a row: JSON lines, and CSV under any column names."""

from collections.abc import Iterator, Mapping
from typing import IO, Any

import orjson

from apps.catalog.domain.importing.cells import restored
from apps.catalog.domain.importing.incoming import Incoming, RowFault
from apps.catalog.domain.importing.mapping import mapped
from apps.catalog.domain.importing.records import (
    MAX_RECORD,
    columns_of,
    delimiter_of,
    header_of,
    records_of,
)
from apps.catalog.domain.importing.simple import incoming_of


def read_json_lines(
    file: IO[bytes], *, currency: str, mapping: Mapping[str, str]
) -> Iterator[Incoming | RowFault]:
    """One JSON object a line."""
    row = 0
    while line := file.readline(MAX_RECORD):
        row += 1
        if len(line) >= MAX_RECORD:
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_RECORD)
            yield _fault(row, f"the line is longer than {MAX_RECORD} bytes", "too_long")
        elif line.strip():
            yield _line(line.removeprefix(b"\xef\xbb\xbf"), row, currency, mapping)


def _line(line: bytes, row: int, currency: str, mapping: Mapping[str, str]) -> Incoming | RowFault:
    try:
        item = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return _fault(row, str(error), "json")
    if not isinstance(item, dict):
        return _fault(row, "the line is no JSON object", "json")
    if mapping:
        item = mapped(item, mapping)
    return incoming_of(item, row=row, size=len(line), currency=currency)


def read_rows(
    file: IO[bytes], *, currency: str, mapping: Mapping[str, str], delimiter: str, quote: str
) -> Iterator[Incoming | RowFault]:
    """One product a row of a CSV. Raises Refused where it has no header."""
    header = header_of(file)
    delimiter = delimiter or delimiter_of(header)
    names = columns_of(header, delimiter, quote)
    for record in records_of(file, width=len(names), delimiter=delimiter, quote=quote):
        if isinstance(record, RowFault):
            yield record
            continue
        item: dict[str, Any] = dict(zip(names, map(restored, record.cells), strict=True))
        if mapping:
            item = mapped(item, mapping)
        yield incoming_of(item, row=record.row, size=record.size, currency=currency)


def _fault(row: int, detail: str, code: str) -> RowFault:
    return RowFault(row=row, last_row=row, pointer="", detail=detail, code=code)
