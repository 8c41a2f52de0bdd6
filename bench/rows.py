"""A line of the table, as it stands in the JSON file."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """``ratio`` is our time for one over the floor's: its rate over ours. What does not apply is None.

    Times are in ms. ``webCpuMs`` and ``databaseCpuMs`` are what one unit of work costs the web processes
    and the database's processes behind them; ``floorCpuMs`` and ``cpuRatio`` are about both together.
    ``sqlPerSecond`` is what PostgreSQL alone does with the same statements.
    """

    name: str
    clients: int
    p50Ms: float | None = None  # noqa: N815  # as it stands in the file
    p95Ms: float | None = None  # noqa: N815
    perSecond: float | None = None  # noqa: N815
    queries: float | None = None
    floor: str = "none"
    floorPerSecond: float | None = None  # noqa: N815
    ratio: float | None = None
    webCpuMs: float | None = None  # noqa: N815
    databaseCpuMs: float | None = None  # noqa: N815
    floorCpuMs: float | None = None  # noqa: N815
    cpuRatio: float | None = None  # noqa: N815
    sqlPerSecond: float | None = None  # noqa: N815
    megabytes: float | None = None


def rounded(value: float | None, digits: int = 2) -> float | None:
    """As the table shows it."""
    return None if value is None else round(value, digits)


def over(one: float | None, other: float | None) -> float | None:
    """Their ratio, where there are both."""
    return round(one / other, 2) if one is not None and other else None
