"""A shop on the open internet, behind a proxy that ends TLS. What has no safe default is demanded."""

from config.settings.base import *  # noqa: F403
from config.settings.environment import env, required, whole_number

DEBUG = False
SECRET_KEY = required("SECRET_KEY", example="the output of: openssl rand -base64 48")
ALLOWED_HOSTS = [
    host.strip() for host in required("ALLOWED_HOSTS", example="shop.example.com").split(",")
]
required("PAYMENT_WEBHOOK_SECRET", example="the output of: openssl rand -base64 32")
# Guests are told apart by address. Behind a proxy that is not counted here they would all be one.
required("HTTP_TRUSTED_PROXIES", example="1")

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = whole_number("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Browsers take cookies of these names from this very host alone, and over TLS.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
