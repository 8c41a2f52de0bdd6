"""One SKU that everybody wants: holds a second, counted in each way, beside PostgreSQL alone with that SQL."""

import multiprocessing
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from bench.pgbench import pgbench
from bench.rows import Row, over, rounded

WAYS = ("plain", "striped", "flash")
PLENTY = 1_000_000
PROCESSES = 4
_ID, _ORDER = UUID(int=1), UUID(int=2)

_HEADER_AND_LINE = """
WITH header AS (
    INSERT INTO inventory_reservation (id, order_id, status, expires_at)
    VALUES (gen_random_uuid(), gen_random_uuid(), 'RESERVED', now() + interval '30 minutes') RETURNING id
)
INSERT INTO inventory_reservationline (reservation_id, sku_id, location_id, quantity)
SELECT h.id, '{sku_id}', l.id, 1 FROM header h, inventory_location l WHERE l.code = 'main'
"""


def hot_rows(*, clients: list[int], seconds: float) -> Iterator[Row]:
    """For each way of counting and number of buyers at once."""
    for count in clients:
        for way in WAYS:
            sku_id = _hot_sku(way)
            rate = _bought(sku_id, buyers=count, seconds=seconds) / seconds
            _, floor = pgbench(_script(sku_id, way), clients=count, seconds=seconds)
            yield Row(
                name=f"hot SKU, {way}",
                clients=count,
                perSecond=rounded(rate, 1),
                floor="pgbench, the same SQL",
                floorPerSecond=rounded(floor, 1),
                ratio=over(floor, rate),
            )


def _hot_sku(way: str) -> UUID:
    from apps.inventory import services
    from ecommerce.ids import new_id

    sku_id = new_id()
    services.ensure_location(code="main")
    services.receive_stock(sku_id=sku_id, quantity=PLENTY)
    services.set_counting(sku_id=sku_id, counting=way)  # type: ignore[arg-type]  # one of WAYS
    return sku_id


def _bought(sku_id: UUID, *, buyers: int, seconds: float) -> int:
    """How many holds so many buyers make: processes with threads, each buyer on a connection of its own."""
    workers = min(PROCESSES, buyers)
    threads = buyers // workers
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(workers)
    with spawn.Pool(workers, initializer=_set_up, initargs=(start,)) as pool:
        runs = [pool.apply_async(_buy, (sku_id, threads, seconds)) for _ in range(workers)]
        return sum(run.get() for run in runs)


def _set_up(start: object) -> None:
    import django

    django.setup()
    globals()["_START"] = start


def _buy(sku_id: UUID, threads: int, seconds: float) -> int:
    from concurrent.futures import ThreadPoolExecutor

    globals()["_START"].wait(60)
    ends = time.monotonic() + seconds
    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(lambda _: _buy_until(sku_id, ends), range(threads)))


def _buy_until(sku_id: UUID, ends: float) -> int:
    from django.db import connection

    from apps.inventory import services
    from apps.inventory.types import ReserveStock, StockLine
    from ecommerce.ids import new_id

    bought = 0
    lines = (StockLine(sku_id=sku_id, quantity=1),)
    while time.monotonic() < ends:
        services.reserve_stock(ReserveStock(order_id=new_id(), lines=lines))
        bought += 1
    connection.close()
    return bought


def _script(sku_id: UUID, way: str) -> str:
    from apps.inventory.queries import stripes, taking
    from apps.inventory.queries.opening import NewHold

    if way != "plain":
        pick = _literal(vars(stripes)["_PICK"], {"sku_id": sku_id, "units": 1})
        return f"BEGIN;\n{pick};\n{_HEADER_AND_LINE.format(sku_id=sku_id)};\nCOMMIT;\n"
    hold = NewHold(
        reservation_id=_ID,
        order_id=_ORDER,
        wanted={sku_id: 1},
        expires_at=datetime(2100, 1, 1, tzinfo=UTC),
    )
    statement = _literal(taking.RESERVE, taking.parameters_of(hold))
    for fixed in (_ID, _ORDER):
        statement = statement.replace(f"'{fixed}'::uuid", "gen_random_uuid()")
    return f"BEGIN;\n{statement};\nCOMMIT;\n"


def _literal(sql: str, parameters: dict[str, object]) -> str:
    from django.db import connection
    from psycopg import ClientCursor

    connection.ensure_connection()
    return str(ClientCursor(connection.connection).mogrify(sql, parameters)).strip()
