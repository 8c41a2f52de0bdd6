"""A shop on one's own machine: the demo that scripts/run starts."""

from config.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = "development-only-not-a-secret-0123456789abcdef"  # noqa: S105
ALLOWED_HOSTS = ["*"]
