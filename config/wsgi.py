"""The WSGI door: the whole HTTP API and the admin."""

import os

from django.core.wsgi import get_wsgi_application

from ecommerce.database_clock import follow_database
from launcher.processes import follow_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
if "SHOP_FOLLOW_PARENT" in os.environ:
    follow_parent()
application = get_wsgi_application()
follow_database()
