"""What goes in and comes out of accounts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ecommerce.dimensions import LOCALE


@dataclass(frozen=True, kw_only=True, slots=True)
class Register:
    email: str
    password: str
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    locale: str = LOCALE


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """A person with an account."""

    id: UUID
    email: str
    first_name: str
    last_name: str
    phone: str
    locale: str
    roles: tuple[str, ...]
    seller: str | None
    is_active: bool
    version: int
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ProfileChange:
    """What a user changes of their own profile; None leaves it as it is."""

    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    locale: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """What a sign-in gives. The refresh token is good once; ``expires_in`` is the access token's seconds."""

    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int
    refresh_expires_at: datetime
    session_id: UUID
    user_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """One sign-in on one device."""

    id: UUID
    device: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    is_current: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Preferences:
    """What a customer chose; nothing that needs consent is on by itself."""

    currency: str | None = None
    time_zone: str = "UTC"
    marketing_email: bool = False
    marketing_sms: bool = False
    personalization: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PostalAddress:
    """The parts of an address that a user writes."""

    label: str = ""
    first_name: str
    last_name: str
    company: str = ""
    line1: str
    line2: str = ""
    city: str
    region: str = ""
    postal_code: str = ""
    country: str
    phone: str = ""
    is_default_shipping: bool = False
    is_default_billing: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Address(PostalAddress):
    """An address as the book has it."""

    id: UUID
    version: int
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Merchant:
    code: str
    name: str
    legal_name: str
    country: str
    vat_number: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """A storefront or market; ``currency``, ``locale`` and ``country`` are what a new visitor gets."""

    code: str
    name: str
    merchant: str
    currency: str
    currencies: tuple[str, ...]
    locale: str
    locales: tuple[str, ...]
    country: str
    is_active: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Seller:
    code: str
    name: str
    merchant: str
    is_active: bool
