"""The tests' shop: servers of its own unless the environment names some, a cache per worker."""

import os

from launcher.throwaway import own_cache, provide_servers

if "PYTEST_VERSION" in os.environ:
    provide_servers(os.environ)
    own_cache(os.environ)
os.environ.setdefault("DATABASE_URL", "postgres://shop@127.0.0.1:5432/shop")
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:6379/0")

from config.settings.base import *  # noqa: F403

SECRET_KEY = "tests-only-not-a-secret-0123456789abcdefghij"  # noqa: S105
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_BROKER_URL = "memory://"
PAYMENT_WEBHOOK_SECRET = "tests-only-webhook-secret"  # noqa: S105
EVENTS_WAKE = False  # tests drain by hand
STATIC_ROOT = None
