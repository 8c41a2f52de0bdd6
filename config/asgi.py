"""The ASGI door: for what holds a connection open (server-sent events, WebSocket)."""

import os

from django.core.asgi import get_asgi_application

from ecommerce.database_clock import follow_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_asgi_application()
follow_database()
