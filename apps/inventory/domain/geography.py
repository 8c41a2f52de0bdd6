"""How far apart two places are."""

from math import asin, cos, radians, sin, sqrt

_EARTH_KM = 6371.0088
"""The mean radius (IUGG)."""
Coordinates = tuple[float, float]
"""Latitude and longitude in degrees."""


def great_circle_km(one: Coordinates, other: Coordinates) -> float:
    """The shortest way over the ground, by the haversine formula: within half a per cent of the truth."""
    (lat1, lon1), (lat2, lon2) = one, other
    rise, turn = radians(lat2 - lat1), radians(lon2 - lon1)
    half = sin(rise / 2) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(turn / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(half)))
