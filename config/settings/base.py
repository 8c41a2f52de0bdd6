"""What every environment shares. A value that differs by machine comes from the environment."""

from datetime import timedelta
from pathlib import Path

from config.settings.api import *  # noqa: F403
from config.settings.environment import database, env, required, whole_number

BASE_DIR = Path(__file__).resolve().parent.parent.parent

DATABASE_STATEMENT_TIMEOUT_MS = whole_number("DATABASE_STATEMENT_TIMEOUT_MS", default=30_000)
DATABASE_PREPARED_STATEMENTS = env.bool("DATABASE_PREPARED_STATEMENTS", default=True)
"""Off behind a pooler that gives each transaction another connection and knows nothing of them."""
DATABASES = {
    "default": {
        **database("DATABASE_URL", example="postgres://shop:password@localhost:5432/shop"),
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": whole_number("DATABASE_CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {
            "connect_timeout": 5,
            # A server that is gone without a word is noticed within half a minute.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 15_000,
            "server_side_binding": DATABASE_PREPARED_STATEMENTS,
            "prepare_threshold": 5 if DATABASE_PREPARED_STATEMENTS else None,
            "application_name": env.str("SHOP_PROCESS", default="shop"),
            "options": (
                f"-c statement_timeout={DATABASE_STATEMENT_TIMEOUT_MS} "
                f"-c lock_timeout={whole_number('DATABASE_LOCK_TIMEOUT_MS', default=5_000)} "
                "-c idle_in_transaction_session_timeout=60000 "
                # How alike two words must be to be taken for the same with a slip of the finger.
                "-c pg_trgm.word_similarity_threshold=0.5"
            ),
        },
    }
}
REDIS_URL = required("REDIS_URL", example="redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "shop",
        "OPTIONS": {
            "IGNORE_EXCEPTIONS": True,
            "SOCKET_CONNECT_TIMEOUT": 1,
            "SOCKET_TIMEOUT": 2,
        },
    }
}

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
    # A publisher that finds no broker gives up at once: nobody's request waits for a wake-up call.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "shop"
CELERY_TASK_ROUTES = {"ecommerce.jobs.tasks.run": {"queue": "jobs"}}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
CELERY_TIMEZONE = "UTC"

APPS = (
    "accounts",
    "catalog",
    "pim",
    "pricing",
    "inventory",
    "payments",
    "orders",
    "cart",
    "shipping",
    "search",
    "analytics",
    "checkout",
)
INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "corsheaders",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "ecommerce.events",
    "ecommerce.http",
    "ecommerce.jobs",
    "ecommerce.audit",
    "ecommerce.flags",
    "ecommerce.operations",
    *(f"apps.{app}" for app in APPS),
    "sampleshop",
    "proving",
]
MIDDLEWARE = [
    "ecommerce.http.middleware.WorkContextMiddleware",
    "ecommerce.operations.middleware.Observe",
    "ecommerce.http.cors.Cors",
    "ecommerce.http.shortcut.PagesBegin",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ecommerce.operations.csp.ContentSecurityPolicy",
    "ecommerce.http.shortcut.PagesEnd",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
APPEND_SLASH = False
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["config.formats"]
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
MEDIA_URL = "/media/"
SERVE_MEDIA = False
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(BASE_DIR / ".data" / "media"))

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="shop@localhost")
ALERT_WEBHOOKS_MAY_BE_PRIVATE = env.bool("ALERT_WEBHOOKS_MAY_BE_PRIVATE", default=False)
"""Alerts go to public addresses only, unless those who make rules may reach into the shop's own network."""
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)

# Whoever wrote a purchase order may not approve it.
PURCHASE_FOUR_EYES = env.bool("PURCHASE_FOUR_EYES", default=False)

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = (
    "accept",
    "accept-language",
    "authorization",
    "content-type",
    "correlation-id",
    "guest-token",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "traceparent",
    "tracestate",
)
CORS_EXPOSE_HEADERS = (
    "Correlation-Id",
    "Deprecation",
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Sunset",
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

UNFOLD = {
    "SITE_TITLE": "Shop",
    "SITE_HEADER": "Shop",
    "SITE_SUBHEADER": "Back office",
    # An icon without a file: a browser that is told of none asks for /favicon.ico.
    "SITE_FAVICONS": [{"rel": "icon", "href": "data:,"}],
    "SIDEBAR": {"navigation": "config.navigation.sidebar"},
    "DASHBOARD_CALLBACK": "ecommerce.operations.worklist.start_page",
}

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOG_FORMAT = env.str("LOG_FORMAT", default="json")
LOGGING_CONFIG = "ecommerce.operations.logs.configure"
LOGGING = {"level": LOG_LEVEL, "format": LOG_FORMAT}
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
OTEL_EXPORTER_OTLP_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="")

JWT_ACCESS_LIFETIME = timedelta(minutes=15)
JWT_REFRESH_LIFETIME = timedelta(days=7)
JWT_SESSION_LIFETIME = timedelta(days=90)
JWT_KEYS = env.dict("JWT_KEYS", default={})
JWT_ISSUER = env.str("JWT_ISSUER", default="shop")
JWT_AUDIENCE = env.str("JWT_AUDIENCE", default="shop-api")
AUDIT_KEYS = env.dict("AUDIT_KEYS", default={})
AUTHENTICATION_BACKENDS = ["apps.accounts.admin.login.GuardedLogin"]
PASSWORD_HASHERS = ["ecommerce.passwords.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        (
            "UserAttributeSimilarityValidator",
            {"user_attributes": ("email", "first_name", "last_name")},
        ),
        ("MinimumLengthValidator", {"min_length": 8}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]

GRPC_LISTEN = env.str("GRPC_LISTEN", default="127.0.0.1:50051")
GRPC_THREADS = whole_number("GRPC_THREADS", default=8)
GRPC_LONGEST_SECONDS = whole_number("GRPC_LONGEST_SECONDS", default=30)
GRPC_REFLECTION = env.bool("GRPC_REFLECTION", default=True)
GRPC_CERTIFICATE = env.str("GRPC_CERTIFICATE", default="")
GRPC_KEY = env.str("GRPC_KEY", default="")

MQTT_URL = env.str("MQTT_URL", default="")
MQTT_CLIENT_ID = env.str("MQTT_CLIENT_ID", default="shop-inventory")
MQTT_CA = env.str("MQTT_CA", default="")
MQTT_CERTIFICATE = env.str("MQTT_CERTIFICATE", default="")
MQTT_KEY = env.str("MQTT_KEY", default="")
MQTT_SESSION_HOURS = whole_number("MQTT_SESSION_HOURS", default=168)
MQTT_ID_REQUIRED = env.bool("MQTT_ID_REQUIRED", default=False)

SANDBOX_URL = env.str("SANDBOX_URL", default="http://127.0.0.1:8091")
PAYMENT_WEBHOOK_SECRET = env.str("PAYMENT_WEBHOOK_SECRET", default="")
CARRIER_WEBHOOK_SECRET = env.str("CARRIER_WEBHOOK_SECRET", default="")
WMS_WEBHOOK_SECRET = env.str("WMS_WEBHOOK_SECRET", default="")
WMS_FILES_ROOT = env.str("WMS_FILES_ROOT", default="")
SHIP_FROM = env.json("SHIP_FROM", default={"name": "Main warehouse", "country": "NL"})
