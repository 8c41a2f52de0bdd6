"""The API's settings: DRF, its OpenAPI document, limits."""

from config.settings.environment import env, whole_number
from ecommerce.http.components import COMPONENTS

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.accounts.rest.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["ecommerce.http.permissions.RolePermission"],
    "DEFAULT_PARSER_CLASSES": ["ecommerce.http.wire.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["ecommerce.http.wire.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "ecommerce.http.negotiation.Negotiation",
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_SCHEMA_CLASS": "ecommerce.http.openapi.OperationSchema",
    "EXCEPTION_HANDLER": "ecommerce.http.problems.problem_handler",
    "UNAUTHENTICATED_USER": "ecommerce.identity.Viewer",
    "UNAUTHENTICATED_TOKEN": None,
    "NUM_PROXIES": whole_number("HTTP_TRUSTED_PROXIES", default=0),
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": [
        "ecommerce.http.wire.JSONRenderer",
        "rest_framework.renderers.MultiPartRenderer",
    ],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Shop",
    "DESCRIPTION": (
        "A shop end to end. JSON in camelCase; money in minor units; times in UTC; errors are problem"
        " documents (RFC 9457). Sign in with POST /api/v1/auth/login and send the access token as Bearer."
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v\d+",
    "COMPONENT_SPLIT_REQUEST": False,
    "COMPONENT_NO_READ_ONLY_REQUIRED": False,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "POSTPROCESSING_HOOKS": ["ecommerce.http.openapi.either_will_do"],
    "GET_LIB_DOC_EXCLUDES": "ecommerce.http.openapi.bases_not_to_quote",
    "APPEND_COMPONENTS": COMPONENTS,
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": True, "filter": True},
    "REDOC_DIST": "SIDECAR",
}

DATA_UPLOAD_MAX_MEMORY_SIZE = whole_number("HTTP_MAX_BODY_BYTES", default=2_621_440)
PROBLEM_TYPE_BASE = env.str("PROBLEM_TYPE_BASE", default="/api/problems/")
IDEMPOTENCY_HOURS = whole_number("IDEMPOTENCY_HOURS", default=7 * 24)
CSRF_FAILURE_VIEW = "ecommerce.http.pages.csrf_failure"

RATE_LIMITS = {
    "default": "1200/minute",
    "browse": "6000/minute",
    "login": "20/minute",
    "register": "20/minute",
    "refresh": "120/minute",
    "coupon": "20/minute",
    "coupon-family": "20/minute",
    "checkout": "120/minute",
    "import": "30/minute",
    "grpc": "6000/minute",
    "webhooks": "6000/minute",
}
RATE_LIMITS_GUARDED = ("login", "coupon", "coupon-family")
RATE_LIMIT_SCALE = env.float("RATE_LIMIT_SCALE", default=1.0)

JOBS_STALE_SECONDS = whole_number("JOBS_STALE_SECONDS", default=60)
