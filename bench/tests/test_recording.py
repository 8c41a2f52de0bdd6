"""The floor of a command writes the rows that the command wrote, as often as it is run."""

from bench.recording import _CHANGE, _LOCKS, _VALUE, Column, _insert, _literal, _update

LINE = (
    "table public.orders_orderline: INSERT: id[uuid]:'01a1fefd-57f2-709a-8e31-33856f370342'"
    " \"position\"[smallint]:0 title[text]:'It''s [a] mug' tags[text[]]:'{a,b}' note[text]:null"
    " at[timestamp with time zone]:'2026-11-21 17:16:53.185795+00'"
)


def test_a_line_of_the_log_is_read_value_by_value() -> None:
    change = _CHANGE.match(LINE)

    assert change is not None
    assert change[1] == "orders_orderline"
    assert {name: value for name, _, value in _VALUE.findall(change[3])} == {
        "id": "'01a1fefd-57f2-709a-8e31-33856f370342'",
        "position": "0",
        "title": "'It''s [a] mug'",
        "tags": "'{a,b}'",
        "note": "null",
        "at": "'2026-11-21 17:16:53.185795+00'",
    }


def test_rows_get_new_keys_and_keep_the_rest() -> None:
    columns = [
        Column("id", "uuid", identity=False, unique=True, key=True),
        Column("number", "character varying(8)", identity=False, unique=True, key=False),
        Column("amount", "bigint", identity=False, unique=False, key=False),
        Column("seq", "bigint", identity=True, unique=False, key=False),
    ]
    row = {"id": "'0'", "number": "'A1'", "amount": "1999", "seq": "7"}

    assert _insert("orders", columns, [row]) == (
        'INSERT INTO bench_floor.orders ("id", "number", "amount") VALUES (gen_random_uuid(),'
        " md5(random()::text)::character varying(8), 1999::bigint);"
    )
    assert _update("orders", columns, row).startswith(
        'UPDATE bench_floor.orders SET "amount" = 1999::bigint, "seq" = 7::bigint WHERE "id" = '
    )
    assert _literal(columns[1], {"number": "null"}) == "NULL"


def test_reads_wait_for_nobody() -> None:
    assert _LOCKS.sub("", 'SELECT 1 FROM t WHERE a = 1 FOR UPDATE OF "t" SKIP LOCKED') == (
        "SELECT 1 FROM t WHERE a = 1"
    )
    assert _LOCKS.sub("", "WITH x AS (SELECT 1 FROM t FOR NO KEY UPDATE) SELECT 1") == (
        "WITH x AS (SELECT 1 FROM t) SELECT 1"
    )
