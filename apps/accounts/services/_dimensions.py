"""Merchants, channels and sellers, as the other rooms ask for them."""

from collections.abc import Collection, Mapping
from dataclasses import asdict

from django.db import transaction

from apps.accounts import models, queries
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


def find_sellers(*, codes: Collection[str] | None = None) -> dict[str, Seller]:
    """Sellers by code (all where no codes are given), in one statement."""
    return queries.sellers(codes)


def save_merchant(merchant: Merchant) -> Merchant:
    """Create the merchant, or make the one of this code look like this. Repeatable."""
    values = asdict(merchant)
    models.Merchant.objects.update_or_create(code=values.pop("code"), defaults=values)
    return merchant


def save_channel(channel: Channel) -> Channel:
    """Create the channel, or make the one of this code look like this. Repeatable.

    Other processes remember the old one for half a minute.
    """
    values = asdict(channel)
    values |= {"merchant_id": values.pop("merchant")}
    values |= {name: list(values[name]) for name in ("currencies", "locales")}
    models.Channel.objects.update_or_create(code=values.pop("code"), defaults=values)
    transaction.on_commit(_channels.clear)
    return channel


def save_seller(seller: Seller) -> Seller:
    """Create the seller, or make the one of this code look like this. Repeatable."""
    values = asdict(seller)
    values |= {"merchant_id": values.pop("merchant")}
    models.Seller.objects.update_or_create(code=values.pop("code"), defaults=values)
    return seller
