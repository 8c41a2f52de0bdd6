"""How stock and holds say no."""

from collections.abc import Iterable

from apps.inventory.types import ReserveStock, Shortage
from ecommerce.errors import Conflict, Invalid, NotFound, StaleVersion


def shortage_facts(shortages: Iterable[Shortage]) -> list[dict[str, str | int]]:
    """Shortages as the problem document shows them."""
    return [
        {"skuId": str(s.sku_id), "requested": s.requested, "available": s.available}
        for s in shortages
    ]


class OutOfStock(Conflict):
    """Less is available than was asked; ``lines`` says of what and how much, ``asked`` what it was."""

    asked: ReserveStock | None = None
    code = "inventory/out-of-stock"
    title = "Not enough stock"


class ReservationDiffers(Conflict):
    """The order has a hold, and another call made it: ``items`` says what was asked first and what now."""

    code = "inventory/reservation-differs"
    title = "The order holds something else already"


class InsufficientStock(Conflict):
    """The change would take stock that is not there, or that is promised to orders."""

    code = "inventory/insufficient-stock"
    title = "The stock does not allow this change"


class TooManyUnits(Invalid):
    """More units than are kept of a SKU: about two billion, at a location and in all."""

    code = "inventory/too-many-units"
    title = "Nobody keeps that many units"


class ReservationExpired(Conflict):
    """The hold ran out and the stock has gone to others since."""

    code = "inventory/reservation-expired"
    title = "The reservation has expired and its stock is gone"


class ReservationClosed(Conflict):
    """The reservation is past the state in which this is possible."""

    code = "inventory/reservation-closed"
    title = "The reservation no longer allows this"


class NotAllocated(Conflict):
    """More is to be shipped than the order has allocated."""

    code = "inventory/not-allocated"
    title = "The order has not that much allocated"


class NoReservation(NotFound):
    code = "inventory/no-reservation"
    title = "No such reservation"


class UnknownLocation(NotFound):
    code = "inventory/unknown-location"
    title = "No such location"


class UnknownSku(NotFound):
    code = "inventory/unknown-sku"
    title = "No such SKU"


class EmptyStockChange(Invalid):
    code = "inventory/empty-change"
    title = "Quantities are whole numbers above zero, and a change is not zero"


class WrongDirection(Invalid):
    """A receipt that takes units away, a loss that adds some."""

    code = "inventory/wrong-direction"
    title = "This kind of movement goes the other way"


class LevelChanged(StaleVersion):
    code = "inventory/level-changed"
    title = "The level was changed in the meantime"


class PolicyUnfit(Conflict):
    """The policy would allow fewer backordered units than there are."""

    code = "inventory/policy-unfit"
    title = "The policy does not fit what is promised already"


class PolicyChanged(StaleVersion):
    code = "inventory/policy-changed"
    title = "The policy was changed in the meantime"


class KitOfKits(Invalid):
    """A component is a kit itself, or a kit is a component elsewhere."""

    code = "inventory/kit-of-kits"
    title = "Kits are made of plain SKUs"
