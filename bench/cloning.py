"""Makes a shop a hundred times its size in minutes: SQL copies what services and events have made once.

A sample is generated under SEED, through the rooms' own doors, and carried by its events into every
read model. A copy of it is the same rows in the same tables under other ids, slugs and codes, as if
the same things had been loaded again under those. No event tells of them; figures that are kept over many
things at once are worked out anew for the storefront (``recount``), and left as they are in reports.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import psycopg
from psycopg import sql

from apps.search.queries import counting
from bench.shop import say

SEED = 86_420_086_420
"""Long enough that slugs, codes and numbers made of it are found in any text."""
MOST_COPIES = 4_095
PRODUCTS = ("catalog_", "pim_", "pricing_", "inventory_", "search_")
ORDERS = ("orders_", "payments_", "analytics_")
_KEPT = ("catalog_category", "search_category")
"""All seeds share the categories."""

# Ids of generated things are UUIDv7 of January 2024; a copy's have a version and a number of its own.
_VERSION, _NUMBER = "@@@@", "####"

_TABLES = """
    SELECT oid::regclass::text FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    ORDER BY 1
"""
_COLUMNS = """
    SELECT attname, format_type(atttypid, atttypmod), EXISTS (
        SELECT FROM pg_index JOIN pg_class t ON t.oid = indrelid
        WHERE indrelid = attrelid AND indisprimary AND indkey[0] = attnum
            AND (indnatts = 1 OR t.relkind = 'p'))
    FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
        AND attgenerated = '' AND attidentity = ''
    ORDER BY attnum
"""
_PLAIN_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = %s::regclass AND NOT indisunique AND NOT indisexclusion
"""
# Where the ids stand, and the seed: a text that becomes a copy's by two replacements.
_TEMPLATE = rf"""
    CREATE OR REPLACE FUNCTION pg_temp.template(told text) RETURNS text LANGUAGE sql AS $$
        SELECT replace(
            regexp_replace(told, '(?!{{kept}})(018cc2[0-9a-f]{{{{2}}}}-[0-9a-f]{{{{4}}}}-)7[0-9a-f]{{{{3}}}}-',
                '\1{_VERSION}-', 'g'),
            '{SEED}', '{SEED}{_NUMBER}') $$
"""


@dataclass(frozen=True, slots=True)
class Column:
    """``varies`` where a copy has another value than its original."""

    name: str
    type: str
    own_id: bool
    varies: bool


def copied_text(told: str, copy: int) -> str:
    """What an id, slug, code or number of the sample is in a copy (of the ids: those of the sample only)."""
    if len(told) == 36 and told[14] == "7":
        return f"{told[:14]}{_version(copy)}{told[18:]}"
    return told.replace(str(SEED), f"{SEED}{copy:04d}")


def copy_sample(
    database: psycopg.Connection, rooms: Sequence[str], copies: range, *, rebuild: bool = True
) -> None:
    """Add these copies (numbers from 1 to 4,095) of the sample's rows in the tables of those rooms.

    With ``rebuild`` the plain indexes are taken down meanwhile. In the caller's transaction.
    """
    if not copies or copies[0] < 1 or copies[-1] > MOST_COPIES:
        raise ValueError(f"copies have numbers from 1 to {MOST_COPIES}")
    # Rows that were checked once need no foreign keys, triggers or ledgers that refuse.
    database.execute("SET LOCAL session_replication_role = replica")
    database.execute("SET LOCAL maintenance_work_mem = '512MB'")
    database.execute(_template(database))
    for table in _tables(database, rooms):
        columns = list(_columns(database, table))
        if any(column.varies and not column.own_id for column in columns):
            started = time.monotonic()
            count = _copy_table(database, table, columns, copies, rebuild=rebuild)
            if rebuild:
                say(f"{table}: {count:,} rows in {time.monotonic() - started:.0f} s")


def recount(database: psycopg.Connection) -> None:
    """Work out anew what the storefront keeps over many products at once: its counts of facets."""
    of_some = "WHERE d.product_id = ANY(%(products)s)"
    if of_some not in counting.ADDED:
        raise RuntimeError("the storefront counts its facets otherwise by now")
    database.execute("DELETE FROM search_facetcount")
    database.execute(
        f"INSERT INTO search_facetcount ({', '.join(counting.COLUMNS)}, count) "
        + counting.ADDED.replace(of_some, "")
    )


def _copy_table(
    database: psycopg.Connection,
    table: str,
    columns: Sequence[Column],
    copies: range,
    *,
    rebuild: bool,
) -> int:
    database.execute("DROP TABLE IF EXISTS pg_temp.sample")
    database.execute(_sample(table, columns))
    indexes = database.execute(_PLAIN_INDEXES, [table]).fetchall() if rebuild else []
    for name, _ in indexes:
        database.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(name)))
    values = sql.SQL(", ").join(_value(column) for column in columns)
    done = database.execute(
        sql.SQL(
            "INSERT INTO {table} ({names}) SELECT {values} FROM generate_series({first}, {last}) copy,"
            " LATERAL (SELECT '8' || lpad(to_hex(copy), 3, '0') AS version,"
            " lpad(copy::text, 4, '0') AS number) told, pg_temp.sample"
        ).format(
            table=sql.SQL(table), names=_names(columns), values=values,
            first=copies[0], last=copies[-1],
        )
    )  # fmt: skip
    for _, definition in indexes:
        database.execute(definition.encode())
    return done.rowcount


def _sample(table: str, columns: Sequence[Column]) -> sql.Composed:
    """The sample's own rows with templates for what varies."""
    told = sql.SQL(", ").join(
        sql.SQL("pg_temp.template({0}::text) AS {0}").format(sql.Identifier(column.name))
        if column.varies and not column.own_id
        else sql.SQL("overlay({0}::text placing {1} from 15 for 4) AS {0}").format(
            sql.Identifier(column.name), _VERSION
        )
        if column.varies
        else sql.Identifier(column.name)
        for column in columns
    )
    ours = sql.SQL(" OR ").join(
        sql.SQL("pg_temp.template({0}::text) <> {0}::text").format(sql.Identifier(column.name))
        for column in columns
        if column.varies and not column.own_id
    )
    return sql.SQL(
        "CREATE TEMP TABLE sample ON COMMIT DROP AS SELECT {} FROM {} WHERE ({}) AND NOT ({})"
    ).format(told, sql.SQL(table), ours, _is_copy(columns))


def _is_copy(columns: Sequence[Column]) -> sql.Composed:
    """Made by an earlier growth: what it copied is found in its copies as well."""
    ids = [column for column in columns if column.varies and column.type == "uuid"]
    tests: list[sql.Composable] = [
        sql.SQL("coalesce(substr({}::text, 15, 1) = '8', false)").format(
            sql.Identifier(column.name)
        )
        if column.own_id
        else sql.SQL("coalesce({}::text ~ '^018cc2[0-9a-f]{{2}}-[0-9a-f]{{4}}-8', false)").format(
            sql.Identifier(column.name)
        )
        for column in ids
    ]
    return sql.SQL(" OR ").join(tests or [sql.SQL("false")])


def _value(column: Column) -> sql.Composable:
    name = sql.SQL("sample.{}").format(sql.Identifier(column.name))
    if not column.varies:
        return name
    return sql.SQL("replace(replace({}, {}, told.version), {}, told.number)::{}").format(
        name, _VERSION, _NUMBER, sql.SQL(column.type)
    )


def _columns(database: psycopg.Connection, table: str) -> Iterator[Column]:
    """Those to be written, with what varies found by looking at the sample."""
    found = database.execute(_COLUMNS, [table]).fetchall()
    for name, kind, alone in found:
        varies = _is_true(
            database,
            sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE pg_temp.template({c}::text) <> {c}::text)")
            .format(sql.SQL(table), c=sql.Identifier(name)),
        )  # fmt: skip
        own_id = alone and kind == "uuid" and not varies
        yield Column(name, kind, own_id, varies or own_id)


def _is_true(database: psycopg.Connection, query: sql.Composed) -> bool:
    row = database.execute(query).fetchone()
    return row is not None and bool(row[0])


def _names(columns: Iterable[Column]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)


def _tables(database: psycopg.Connection, rooms: Sequence[str]) -> list[str]:
    names = [name for (name,) in database.execute(_TABLES)]
    return [name for name in names if name.startswith(tuple(rooms)) and name not in _KEPT]


def _template(database: psycopg.Connection) -> bytes:
    kept = [str(key) for (key,) in database.execute("SELECT id FROM catalog_category")]
    return _TEMPLATE.format(kept="|".join(kept) or "none").encode()


def _version(copy: int) -> str:
    return f"8{copy:03x}"
