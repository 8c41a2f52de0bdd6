"""Which roles go together."""

from collections.abc import Collection

from ecommerce.errors import Fault
from ecommerce.identity import ADMIN, ROLES, SELLER


def faults_of_roles(roles: Collection[str], seller: str | None, *, own: bool) -> tuple[Fault, ...]:
    """What is wrong with a set of roles; ``own`` where admins set theirs."""
    faults = [
        Fault(pointer="/roles", detail=f"There is no role {role!r}.", code="unknown")
        for role in sorted(set(roles) - set(ROLES))
    ]
    if (SELLER in roles) != (seller is not None):
        detail = "The role seller and a seller's code come together."
        faults.append(Fault(pointer="/seller", detail=detail, code="mismatch"))
    if own and ADMIN not in roles:
        detail = "Nobody takes admin from themselves."
        faults.append(Fault(pointer="/roles", detail=detail, code="own-admin"))
    return tuple(faults)
