"""Who tries the doors: an anonymous, customers, a guest, staff, each with a client of their own."""

from dataclasses import dataclass, field
from uuid import UUID

from apps.accounts import services
from apps.accounts.tests.factories import client_of, person, signed_in
from apps.accounts.types import Merchant, Seller
from ecommerce.dimensions import SELLER as HOUSE
from ecommerce.http.permissions import AUTHENTICATED
from ecommerce.identity import ADMIN, MERCHANDISER, OPERATOR, SELLER
from ecommerce.ids import new_id
from ecommerce.testing import JsonClient


@dataclass(kw_only=True)
class Someone:
    """A caller, and the headers by which they are known."""

    client: JsonClient
    roles: frozenset[str] = frozenset()
    user_id: UUID | None = None
    session_id: UUID | None = None
    refresh_token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def be_guest(self, token: str) -> None:
        self.headers["Guest-Token"] = token
        known = {
            f"HTTP_{name.upper().replace('-', '_')}": said for name, said in self.headers.items()
        }
        self.client.credentials(**known)


def anonymous() -> Someone:
    return Someone(client=JsonClient(raise_request_exception=False))


def customer(*roles: str, seller: str | None = None) -> Someone:
    """Someone with an account, signed in."""
    user = person(f"{new_id().hex}@example.com", *roles, seller=seller)
    tokens = signed_in(user)
    client = client_of(tokens.access_token)
    client.raise_request_exception = False
    return Someone(
        client=client,
        roles=frozenset({AUTHENTICATED, *roles}),
        user_id=user.id,
        session_id=tokens.session_id,
        refresh_token=tokens.refresh_token,
        headers={"Authorization": f"Bearer {tokens.access_token}"},
    )


def operator() -> Someone:
    return customer(OPERATOR)


def staff() -> Someone:
    """Someone with every role, so that every door is open."""
    return customer(OPERATOR, MERCHANDISER, SELLER, ADMIN, seller=HOUSE)


def merchandiser() -> Someone:
    """Staff whose business is goods and prices, and nobody's orders."""
    return customer(MERCHANDISER)


def other_merchant() -> Someone:
    """Who sells for another merchant."""
    services.save_merchant(
        Merchant(code="rival", name="Rival", legal_name="Rival BV", country="NL", vat_number="")
    )
    services.save_seller(Seller(code="rival", name="Rival", merchant="rival", is_active=True))
    return customer(SELLER, seller="rival")


def guest() -> Someone:
    """Someone without an account, but with a token of their own: the one of an empty cart."""
    someone = anonymous()
    made = someone.client.json_of("POST", "/api/v1/carts", {}, status=201)
    someone.be_guest(made["guestToken"])
    return someone
