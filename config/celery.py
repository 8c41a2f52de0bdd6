"""The Celery application: what workers and beat run (``celery -A config``)."""

import os

from celery import Celery

from ecommerce.periodic import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()
