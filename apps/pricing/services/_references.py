"""What prices and rules refer to in other rooms has to be there."""

from collections.abc import Collection
from uuid import UUID

from apps.accounts.errors import ChannelNotFound
from apps.accounts.services import get_channel, list_channels
from apps.catalog.services import find_skus
from apps.pricing.errors import NoSuchSku, NotSoldThere
from ecommerce.errors import Fault


def check_sku(sku_id: UUID) -> None:
    """Raises NoSuchSku."""
    if unknown_skus({sku_id}):
        fault = Fault(pointer="/sku_id", detail=f"There is no SKU {sku_id}.", code="unknown")
        raise NoSuchSku(fault.detail, faults=[fault])


def unknown_skus(sku_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those that the catalog has never heard of. One statement for any number."""
    return frozenset(sku_ids) - find_skus(ids=sku_ids).keys() if sku_ids else frozenset()


def check_sold(*, channel: str, currency: str) -> None:
    """The channel is open and sells in that currency. Costs no statement. Raises NotSoldThere."""
    if fault := fault_of_channel(channel, pointer="/channel"):
        raise NotSoldThere(fault.detail, faults=[fault])
    if fault := fault_of_currency(currency, channel=channel, pointer="/currency"):
        raise NotSoldThere(fault.detail, faults=[fault])


def fault_of_channel(channel: str, *, pointer: str) -> Fault | None:
    """None where such a channel is open."""
    try:
        get_channel(channel)
    except ChannelNotFound as unknown:
        return Fault(pointer=pointer, detail=unknown.detail, code="unknown")
    return None


def fault_of_currency(currency: str, *, channel: str, pointer: str) -> Fault | None:
    """None where the channel (any, where none is named) sells in it."""
    channels = [get_channel(channel)] if channel else list_channels()
    sold = {code for one in channels for code in one.currencies}
    if currency in sold:
        return None
    detail = f"Sold in {', '.join(sorted(sold))}, not in {currency}."
    return Fault(pointer=pointer, detail=detail, code="unknown")
