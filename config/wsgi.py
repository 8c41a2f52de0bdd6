"""The WSGI door: the whole HTTP API and the admin."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from ecommerce.database_clock import follow_database
from ecommerce.sweeping import sweep_seldom
from launcher.processes import follow_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
if "SHOP_FOLLOW_PARENT" in os.environ:
    follow_parent()
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 loads the views, which the first request would wait for
sweep_seldom()
follow_database()
