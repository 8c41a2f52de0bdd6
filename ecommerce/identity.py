"""Who asks: the plain value that every object check is made against."""

from dataclasses import dataclass, field
from uuid import UUID

from ecommerce.errors import Unauthenticated

CUSTOMER = "customer"
SELLER = "seller"
MERCHANDISER = "merchandiser"
OPERATOR = "operator"
ADMIN = "admin"
ROLES = (CUSTOMER, SELLER, MERCHANDISER, OPERATOR, ADMIN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Viewer:
    """The caller of a request, a guest included.

    ``guest_token_hash`` is the SHA-256 (hex) of the Guest-Token header: the proof by which
    someone without an account owns a cart, a checkout or an order.
    """

    user_id: UUID | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    seller: str | None = None
    guest_token_hash: str | None = None

    @property
    def is_authenticated(self) -> bool:
        """What DRF asks of ``request.user``."""
        return self.user_id is not None

    @property
    def is_active(self) -> bool:
        return self.is_authenticated

    @property
    def pk(self) -> UUID | None:
        return self.user_id

    @property
    def signed_in_id(self) -> UUID:
        """The user's id. Raises Unauthenticated for a guest."""
        if self.user_id is None:
            raise Unauthenticated
        return self.user_id

    @property
    def is_staff(self) -> bool:
        """May they see what belongs to others (the back office)?"""
        return bool(self.roles & {OPERATOR, ADMIN})

    def has_any(self, *roles: str) -> bool:
        """Has one of the roles; an admin has them all."""
        return ADMIN in self.roles or bool(self.roles & set(roles))

    def owns(self, *, user_id: UUID | None, guest_token_hash: str | None) -> bool:
        """Is what belongs to this user, or to this guest token, theirs?"""
        if user_id is not None:
            return self.user_id == user_id
        return guest_token_hash is not None and self.guest_token_hash == guest_token_hash


SYSTEM = Viewer(roles=frozenset({ADMIN}))
"""The shop itself: workers and commands."""
