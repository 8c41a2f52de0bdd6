"""The parts of the OpenAPI document that many operations share. Plain data: settings read it."""

from http import HTTPStatus
from typing import Any

_UUID = "01997c2e-6f5b-7c3a-9f0e-3d3c9f0b6a11"


def _header(name: str, text: str, *, required: bool = False, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": text,
        "schema": {"type": "string", **schema},
    }


_KEY_TEXT = (
    "Makes the command safe to repeat: the first response is answered again and marked with"
    " Idempotency-Replayed. 422 for another request with the same key, 409 while the first runs."
)
_KEY: dict[str, Any] = {
    "minLength": 1,
    "maxLength": 255,
    "pattern": "^[\\x21-\\x7e]+$",
    "examples": [_UUID],
}
_VERSION: dict[str, Any] = {"pattern": '^(W/)?"[^"]*"$', "examples": ['"7"']}
_MATCH_TEXT = "The ETag of the version that is meant to be changed; 412 where it has changed."

PARAMETERS: dict[str, dict[str, Any]] = {
    "CorrelationId": _header(
        "Correlation-Id",
        "Names everything that follows from this request; made up where it is missing.",
        pattern="^[A-Za-z0-9._:/+=@-]{1,128}$",
        examples=[_UUID],
    ),
    "GuestToken": _header(
        "Guest-Token", "What a guest was given once, and by which they own a cart or an order."
    ),
    "IdempotencyKey": _header("Idempotency-Key", _KEY_TEXT, **_KEY),
    "IdempotencyKeyRequired": _header("Idempotency-Key", _KEY_TEXT, required=True, **_KEY),
    "IfMatch": _header("If-Match", _MATCH_TEXT, **_VERSION),
    "IfMatchRequired": _header("If-Match", _MATCH_TEXT, required=True, **_VERSION),
    "IfNoneMatch": _header("If-None-Match", "The ETag that the caller has; 304 if it still holds."),
    "Cursor": {
        "name": "cursor",
        "in": "query",
        "required": False,
        "description": "From next or previous of this list.",
        "schema": {"type": "string"},
    },
    "PageSize": {
        "name": "pageSize",
        "in": "query",
        "required": False,
        "description": "How many results at most; more than 100 means 100.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
    },
}


MAX_MINOR = 2**53 - 1
"""The largest integer that every JSON reader keeps exact (RFC 8259 section 6)."""

MAX_AMOUNT = 10**12
"""The largest amount that a caller may name: sums and taxes of thousands of them still fit MAX_MINOR."""


def _money(limit: int) -> dict[str, Any]:
    return {
        "type": "object",
        "description": "An amount in minor units with its ISO 4217 currency.",
        "properties": {
            "amount": {"type": "integer", "minimum": -limit, "maximum": limit},
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        },
        "required": ["amount", "currency"],
        "example": {"amount": 1999, "currency": "EUR"},
    }


MONEY = {"request": ("MoneyIn", _money(MAX_AMOUNT)), "response": ("Money", _money(MAX_MINOR))}


def _answer(text: str, **schema: Any) -> dict[str, Any]:
    return {"description": text, "schema": {"type": "string", **schema}}


RESPONSE_HEADERS: dict[str, dict[str, Any]] = {
    "Correlation-Id": _answer("Quote it when you report a problem."),
    "RateLimit-Policy": _answer(
        "The quota q of a window of w seconds.", examples=['"default";q=1200;w=60']
    ),
    "RateLimit": _answer(
        "What remains (r), and in how many seconds there is more (t).",
        examples=['"default";r=1187;t=41'],
    ),
    "ETag": _answer("The version of what is sent.", examples=['"7"']),
    "Location": _answer("Where it is now."),
    "Link": _answer("next and prev (RFC 8288)."),
    "Idempotency-Replayed": _answer("true, where this is the first response again."),
    "Retry-After": _answer("Seconds to wait.", pattern="^[0-9]+$"),
    "Deprecation": _answer("Since when not to be used any more (RFC 9745)."),
    "Sunset": _answer("When it will be gone (RFC 8594)."),
}

PROBLEM = "application/problem+json"
MEANING = {
    400: "The request cannot be read",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Not a method of this resource",
    406: "No such representation",
    409: "Not possible in the present state",
    410: "Gone",
    412: "Changed in the meantime",
    413: "The body is too large",
    415: "Not a media type we read",
    422: "The input is not valid",
    428: "If-Match is missing",
    429: "Too many requests",
    500: "An error of ours",
    502: "A system that we depend on refused",
    503: "Not available for now",
    504: "A system that we depend on did not answer",
}
_WAIT = frozenset({409, 429, 503})


def problem_name(status: int) -> str:
    """The component of a problem's response: ``Conflict409``."""
    return HTTPStatus(status).phrase.title().replace(" ", "").replace("-", "") + str(status)


def _problem(text: str, *headers: str) -> dict[str, Any]:
    return {
        "description": text,
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
    }


COMPONENTS: dict[str, Any] = {
    "responses": {
        "Problem": _problem("Any other problem", "Correlation-Id"),
        **{
            problem_name(status): _problem(
                text, "Correlation-Id", *(["Retry-After"] if status in _WAIT else [])
            )
            for status, text in MEANING.items()
        },
    },
    "parameters": PARAMETERS,
    "headers": RESPONSE_HEADERS,
    "securitySchemes": {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An access token of POST /api/v1/auth/login; good for 15 minutes.",
        }
    },
}
