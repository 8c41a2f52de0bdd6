"""The shop's own settings, with a floor to measure against and a header that counts statements."""

from config.settings.development import *  # noqa: F403
from config.settings.development import MIDDLEWARE as _MIDDLEWARE

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.floor.count_statements", *_MIDDLEWARE]
