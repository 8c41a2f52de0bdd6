"""A shop on one's own machine. Finds the servers that scripts/run started where none are named."""

import os
from pathlib import Path

_told = Path(
    os.environ.get("SHOP_ENVIRONMENT_FILE")
    or Path(__file__).resolve().parent.parent.parent / ".data" / "environment"
)
if "DATABASE_URL" not in os.environ and _told.is_file() and os.access(_told, os.R_OK):
    for _line in _told.read_text().splitlines():
        _name, _, _value = _line.partition("=")
        os.environ.setdefault(_name, _value)

from config.settings.base import *  # noqa: E402, F403

DEBUG = False
SECRET_KEY = os.environ.get("SECRET_KEY") or "development-only-not-a-secret-0123456789abcdef"
ALLOWED_HOSTS = ["*"]
CORS_ALLOW_ALL_ORIGINS = True
SERVE_MEDIA = True
STATIC_ROOT = None  # nothing is collected: WhiteNoise serves the files where they lie
WHITENOISE_USE_FINDERS = True
