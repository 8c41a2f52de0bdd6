"""The tests' shop."""

import os

os.environ.setdefault("DATABASE_URL", "postgres://shop@127.0.0.1:5432/shop")
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:6379/0")

from config.settings.base import *  # noqa: E402, F403

SECRET_KEY = "tests-only-not-a-secret-0123456789abcdefghij"  # noqa: S105
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
