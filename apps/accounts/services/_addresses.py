"""The address book. Every function takes the owner, so nobody reaches another's address."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.accounts import models, queries
from apps.accounts.errors import AddressNotFound, TooManyAddresses, UserNotFound
from apps.accounts.types import Address, PostalAddress
from ecommerce.errors import Fault, Invalid, StaleVersion
from ecommerce.places import known_country

MAX_ADDRESSES = 50


def list_addresses(*, user_id: UUID) -> tuple[Address, ...]:
    """The whole book, newest first; at most MAX_ADDRESSES."""
    return queries.addresses(user_id)


def get_address(*, user_id: UUID, address_id: UUID) -> Address:
    """One address of the user. Raises AddressNotFound, for another's too."""
    address = models.Address.objects.filter(id=address_id, user_id=user_id).first()
    if address is None:
        raise AddressNotFound
    return queries.address_view(address)


@transaction.atomic
def add_address(*, user_id: UUID, address: PostalAddress, now: datetime) -> Address:
    """Write an address into the book. The first one is the default of both kinds.

    A new default takes the place of the old one. Raises TooManyAddresses or Invalid.
    """
    _check(address)
    _lock_book(user_id)
    held = models.Address.objects.filter(user_id=user_id).count()
    if held >= MAX_ADDRESSES:
        raise TooManyAddresses(f"An address book holds {MAX_ADDRESSES} addresses.")
    row = models.Address(user_id=user_id, created_at=now, updated_at=now, **asdict(address))
    row.is_default_shipping |= held == 0
    row.is_default_billing |= held == 0
    _make_room(row)
    row.save(force_insert=True)
    return queries.address_view(row)


@transaction.atomic
def replace_address(
    *,
    user_id: UUID,
    address_id: UUID,
    address: PostalAddress,
    version: int | None,
    now: datetime,
) -> Address:
    """Write an address anew. Raises AddressNotFound, StaleVersion or Invalid."""
    _check(address)
    _lock_book(user_id)
    row = models.Address.objects.filter(id=address_id, user_id=user_id).first()
    if row is None:
        raise AddressNotFound
    if version is not None and version != row.version:
        raise StaleVersion
    for name, value in asdict(address).items():
        setattr(row, name, value)
    row.version += 1
    row.updated_at = now
    _make_room(row)
    row.save()
    return queries.address_view(row)


@transaction.atomic
def remove_address(*, user_id: UUID, address_id: UUID) -> None:
    """Take an address out of the book. Raises AddressNotFound, so on a repeat too."""
    _lock_book(user_id)
    removed, _ = models.Address.objects.filter(id=address_id, user_id=user_id).delete()
    if not removed:
        raise AddressNotFound


def _lock_book(user_id: UUID) -> None:
    """One writer a book: the limit and the defaults are decided by what the others have written."""
    book = models.User.objects.select_for_update().filter(id=user_id).values_list("id", flat=True)
    if not book:
        raise UserNotFound


def _make_room(row: models.Address) -> None:
    others = models.Address.objects.filter(user_id=row.user_id).exclude(id=row.id)
    if row.is_default_shipping:
        others.filter(is_default_shipping=True).update(is_default_shipping=False)
    if row.is_default_billing:
        others.filter(is_default_billing=True).update(is_default_billing=False)


def _check(address: PostalAddress) -> None:
    if not known_country(address.country):
        fault = Fault(pointer="/country", detail="No ISO 3166-1 country.", code="unknown")
        raise Invalid("There is no such country.", faults=[fault])
