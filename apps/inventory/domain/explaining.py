"""Why on-hand is 47, in words."""

from collections.abc import Iterable
from datetime import datetime

from apps.inventory.types import Explanation, MovedUnits

_WORDS = {
    "opening": "there from the start",
    "receipt": "received",
    "return": "returned",
    "transfer_in": "brought from other locations",
    "transfer_out": "sent to other locations",
    "pick": "picked",
    "shipment": "shipped",
    "damage": "found damaged",
    "scrap": "scrapped",
    "adjustment": "adjusted",
    "count": "corrected by counts",
    "kit": "put into kits or taken out of them",
}
_SHOWN = 3


def told(found: Explanation) -> str:
    """The explanation as a few sentences."""
    sentences = [
        f"{_units(found.on_hand, found.damaged)} at {found.location} on {_day(found.at)}.",
        f"Before {_day(found.since)}: {_units(found.opening_on_hand, found.opening_damaged)}.",
    ]
    moved = "; ".join(map(_part, found.parts))
    sentences.append(f"Since then: {moved}." if moved else "Nothing has moved since.")
    return " ".join(sentences)


def _units(on_hand: int, damaged: int) -> str:
    return f"{on_hand} on hand" + (f" and {damaged} damaged" if damaged else "")


def _part(part: MovedUnits) -> str:
    how_often = "once" if part.movements == 1 else f"in {part.movements} movements"
    return f"{_signed(part)} {_WORDS.get(part.kind, part.kind)} {how_often}{_for(part.references)}"


def _signed(part: MovedUnits) -> str:
    if not part.damaged_delta:
        return f"{part.delta:+d}"
    damaged = f"{part.damaged_delta:+d} damaged"
    return f"{part.delta:+d} and {damaged}" if part.delta else damaged


def _for(references: Iterable[str]) -> str:
    named = list(references)
    if not named:
        return ""
    more = ", …" if len(named) > _SHOWN else ""
    return f" ({', '.join(named[:_SHOWN])}{more})"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
