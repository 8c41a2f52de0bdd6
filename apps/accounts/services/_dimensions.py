"""Merchants, channels and sellers, as the other rooms ask for them."""

from collections.abc import Collection, Mapping

from apps.accounts import queries
from apps.accounts.errors import ChannelNotFound
from apps.accounts.types import Channel, Merchant, Seller
from ecommerce.ttl_cache import TtlCache

_channels: TtlCache[None, Mapping[str, Channel]] = TtlCache(seconds=30)


def get_channel(code: str) -> Channel:
    """A channel that is open. Raises ChannelNotFound.

    All channels are read at once and remembered for half a minute, so this costs no statement.
    """
    channel = _channels.get(None, queries.channels).get(code)
    if channel is None or not channel.is_active:
        raise ChannelNotFound(f"There is no channel {code!r}.")
    return channel


def list_channels() -> tuple[Channel, ...]:
    """The open channels, by code."""
    known = _channels.get(None, queries.channels)
    return tuple(channel for channel in known.values() if channel.is_active)


def find_merchants(*, codes: Collection[str]) -> dict[str, Merchant]:
    """Merchants by code, in one statement; unknown codes are left out."""
    return queries.merchants(codes)


def find_sellers(*, codes: Collection[str] | None = None) -> dict[str, Seller]:
    """Sellers by code (all where no codes are given), in one statement."""
    return queries.sellers(codes)
