"""Reads of accounts, as the plain values of types.py."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from apps.accounts import models, types
from ecommerce.http.pagination import Page, slice_of
from ecommerce.identity import Viewer

USER_ORDER = ("-created_at", "id")


def live_viewer(session_id: UUID) -> Viewer | None:
    """Who is signed in by a session that is neither revoked nor over, and not locked out."""
    row = (
        models.Session.objects.filter(
            id=session_id, revoked_at=None, expires_at__gt=Now(), user__is_active=True
        )
        .values_list("user_id", "user__roles", "user__seller_id")
        .first()
    )
    if row is None:
        return None
    user_id, roles, seller = row
    return Viewer(user_id=user_id, roles=frozenset(roles), seller=seller)


def user_view(user: models.User) -> types.User:
    return types.User(
        id=user.id,
        email=user.email,
        first_name=user.first_name,
        last_name=user.last_name,
        phone=user.phone,
        locale=user.locale,
        roles=tuple(user.roles),
        seller=user.seller_id,
        is_active=user.is_active,
        version=user.version,
        created_at=user.created_at,
    )


def users_page(*, search: str, role: str | None, page: Page) -> tuple[tuple[types.User, ...], bool]:
    """Users newest first, by a part of the e-mail and by a role, and whether there are more."""
    users: QuerySet[models.User] = models.User.objects.filter(email__contains=search.lower())
    if role:
        users = users.filter(roles__contains=[role])
    rows, more = slice_of(users, order=USER_ORDER, page=page)
    return tuple(user_view(user) for user in rows), more


def live_sessions(user_id: UUID, current: UUID | None) -> tuple[types.Session, ...]:
    """Newest use first."""
    rows = models.Session.objects.filter(
        user_id=user_id, revoked_at=None, expires_at__gt=Now()
    ).order_by("-last_used_at", "id")
    return tuple(
        types.Session(
            id=session.id,
            device=session.device,
            created_at=session.created_at,
            last_used_at=session.last_used_at,
            expires_at=session.expires_at,
            is_current=session.id == current,
        )
        for session in rows
    )


def preferences(user_id: UUID) -> types.Preferences:
    row = models.Preferences.objects.filter(user_id=user_id).first()
    if row is None:
        return types.Preferences()
    return types.Preferences(
        currency=row.currency or None,
        time_zone=row.time_zone,
        marketing_email=row.marketing_email,
        marketing_sms=row.marketing_sms,
        personalization=row.personalization,
    )


def addresses(user_id: UUID) -> tuple[types.Address, ...]:
    """The whole book (it is bounded), newest first."""
    rows = models.Address.objects.filter(user_id=user_id).order_by("-created_at", "id")
    return tuple(address_view(address) for address in rows)


def address_view(address: models.Address) -> types.Address:
    return types.Address(
        id=address.id,
        label=address.label,
        first_name=address.first_name,
        last_name=address.last_name,
        company=address.company,
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        region=address.region,
        postal_code=address.postal_code,
        country=address.country,
        phone=address.phone,
        is_default_shipping=address.is_default_shipping,
        is_default_billing=address.is_default_billing,
        version=address.version,
        created_at=address.created_at,
    )


def channels() -> dict[str, types.Channel]:
    return {
        channel.code: types.Channel(
            code=channel.code,
            name=channel.name,
            merchant=channel.merchant_id,
            currency=channel.currency,
            currencies=tuple(channel.currencies),
            locale=channel.locale,
            locales=tuple(channel.locales),
            country=channel.country,
            is_active=channel.is_active,
        )
        for channel in models.Channel.objects.order_by("code")
    }


def sellers(codes: Collection[str] | None) -> dict[str, types.Seller]:
    wanted = Q() if codes is None else Q(code__in=codes)
    return {
        seller.code: types.Seller(
            code=seller.code,
            name=seller.name,
            merchant=seller.merchant_id,
            is_active=seller.is_active,
        )
        for seller in models.Seller.objects.filter(wanted).order_by("code")
    }
