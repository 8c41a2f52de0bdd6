"""Our serializers render what DRF's do, only sooner."""

from dataclasses import dataclass, field
from datetime import UTC, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from rest_framework import serializers

from ecommerce.http import MoneyField, PercentField, Serializer
from ecommerce.ids import new_id
from ecommerce.money import Money


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


class TagOut(Serializer):
    tag_name = serializers.CharField()


class PlanetOut(Serializer):
    planet_id = serializers.UUIDField()
    name = serializers.CharField(allow_null=True)
    moons = serializers.IntegerField()
    ringed = serializers.BooleanField()
    color = serializers.ChoiceField(choices=("red", "blue"))
    found_at = serializers.DateTimeField(allow_null=True)
    price = MoneyField()
    share = PercentField()
    tags = TagOut(many=True)
    first = TagOut(source="tag")
    star_name = serializers.CharField(source="star.name")
    shout = serializers.SerializerMethodField()
    secret = serializers.CharField(write_only=True)

    def get_shout(self, planet: Any) -> str:
        return f"{planet['name'] if isinstance(planet, dict) else planet.name}!"


@dataclass
class Tag:
    tag_name: str


@dataclass
class Star:
    name: str


@dataclass
class Planet:
    planet_id: Any
    name: Any
    moons: Any
    ringed: Any
    color: Any
    found_at: Any
    price: Money = field(default_factory=lambda: Money(1999, "EUR"))
    share: Decimal = Decimal("21.0000")
    tags: tuple[Tag, ...] = (Tag("a"), Tag("b"))
    tag: Tag = field(default_factory=lambda: Tag("c"))
    star: Any = field(default_factory=lambda: Star("sun"))


MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))]))
PLANETS = st.builds(
    Planet,
    planet_id=st.sampled_from([new_id(), str(new_id())]),
    name=st.none() | st.text() | st.sampled_from(Color),
    moons=st.integers() | st.sampled_from(["7", True]),
    ringed=st.booleans() | st.sampled_from([0, 1, "yes", "no"]),
    color=st.sampled_from([*Color, "red", "green"]),
    found_at=st.none() | MOMENTS,
    star=st.sampled_from([Star("sun"), {"name": "sun"}]),
)


def by_drf(planet: Any) -> Any:
    return serializers.Serializer.to_representation(PlanetOut(), planet)


@given(PLANETS)
def test_an_object_is_rendered_as_drf_renders_it(planet: Planet) -> None:
    assert PlanetOut(planet).data == by_drf(planet)
    assert list(PlanetOut(planet).data) == list(by_drf(planet))


@given(PLANETS)
def test_so_is_a_mapping(planet: Planet) -> None:
    mapping = vars(planet)

    assert PlanetOut(mapping).data == by_drf(mapping)
