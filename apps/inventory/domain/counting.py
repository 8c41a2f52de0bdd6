"""Which variances may be booked unseen."""


def is_large(
    variance: int, expected: int, *, hold_units: int | None, hold_percent: int | None
) -> bool:
    """Is a variance at or above one of the thresholds? ``hold_percent`` is of what was expected.

    Found units where none were expected are above any percentage.
    """
    units = abs(variance)
    if units == 0:
        return False
    if hold_units is not None and units >= hold_units:
        return True
    return hold_percent is not None and units * 100 >= hold_percent * expected
