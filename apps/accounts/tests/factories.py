"""People for tests."""

from typing import Any

from apps.accounts import services
from apps.accounts.models import User
from apps.accounts.types import PostalAddress, Tokens
from ecommerce.clock import now
from ecommerce.identity import CUSTOMER
from ecommerce.testing import JsonClient

PASSWORD = "correct horse battery"


def person(email: str = "ada@example.com", *roles: str, seller: str | None = None) -> User:
    user = User(email=email, roles=[CUSTOMER, *roles], seller_id=seller, first_name="Ada")
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(user: User, device: str = "Firefox") -> Tokens:
    return services.sign_in(email=user.email, password=PASSWORD, device=device, now=now())


def client_of(token: str) -> JsonClient:
    client = JsonClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def postal(**parts: Any) -> PostalAddress:
    return PostalAddress(
        **{
            "first_name": "Ada",
            "last_name": "Lovelace",
            "line1": "Torstraße 1",
            "city": "Berlin",
            "postal_code": "10119",
            "country": "DE",
            **parts,
        }
    )
