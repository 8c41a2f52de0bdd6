"""Turns the Authorization header into a Viewer."""

from uuid import UUID

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts import services
from apps.accounts.errors import InvalidToken
from ecommerce.identity import Viewer


class BearerAuthentication(BaseAuthentication):
    """``Authorization: Bearer <access token>`` (RFC 6750). Without the header, a guest."""

    def authenticate(self, request: Request) -> tuple[Viewer, object] | None:
        scheme, token = _credentials(request)
        if scheme != "bearer":
            return None
        try:
            return services.authenticate_token(token)
        except InvalidToken as refusal:
            # DRF's own exception: it makes the request a guest's before the handler looks at it.
            raise AuthenticationFailed(refusal.detail, code=refusal.code) from refusal

    def authenticate_header(self, request: Request) -> str:
        error = ', error="invalid_token"' if _credentials(request)[0] == "bearer" else ""
        return f'Bearer realm="shop"{error}'


def _credentials(request: Request) -> tuple[str, str]:
    """The scheme in lower case, and what follows it; DRF's own helper parses all headers for this one."""
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return scheme.lower(), token.strip()


def session_of(request: Request) -> UUID | None:
    """The session that the caller's token belongs to."""
    return request.auth if isinstance(request.auth, UUID) else None


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped upstream
    """How OpenAPI describes it."""

    target_class = "apps.accounts.rest.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
