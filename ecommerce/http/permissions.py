"""Who may call a method of a view: roles, declared beside it."""

from typing import TYPE_CHECKING, Any

from rest_framework.permissions import BasePermission

from ecommerce.errors import Forbidden, Unauthenticated

if TYPE_CHECKING:
    from rest_framework.request import Request

AUTHENTICATED = "authenticated"
"""In ``required_roles``: any signed-in user."""


class RolePermission(BasePermission):
    """Reads ``required_roles`` of the view: per HTTP method, the roles of which one is enough.

    No entry, or an empty one, lets anybody in. Whether the *object* is theirs is the service's question.
    """

    def has_permission(self, request: "Request", view: Any) -> bool:
        roles = roles_of(view, request.method or "GET")
        if not roles:
            return True
        viewer: Any = request.user
        if not viewer.is_authenticated:
            raise Unauthenticated
        if AUTHENTICATED not in roles and not viewer.has_any(*roles):
            raise Forbidden
        return True


def roles_of(view: Any, method: str) -> tuple[str, ...]:
    """The roles that a method asks for; HEAD is GET."""
    declared = getattr(view, "required_roles", {})
    roles = declared.get("GET" if method == "HEAD" else method, ())
    return (roles,) if isinstance(roles, str) else tuple(roles)
