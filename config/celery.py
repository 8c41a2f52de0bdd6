"""The Celery application: what workers and beat run (``celery -A config``)."""

import os
from typing import Any

from celery import Celery, signals

from ecommerce.periodic import SCHEDULE
from launcher.processes import follow_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
app = Celery("shop", amqp="ecommerce.operations.reconnecting:Wire")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.Task.Request = "ecommerce.operations.acknowledging:LoudRequest"
app.autodiscover_tasks()


@signals.setup_logging.connect
def _keep_logging(**_: Any) -> None:
    """Django has set up the logs; Celery need not."""


@signals.worker_process_init.connect
def _begin_process(**_: Any) -> None:
    """A forked worker makes spans of its own, and leaves no orphan behind when its parent is killed."""
    from django.conf import settings

    from ecommerce.database_clock import follow_database
    from ecommerce.operations import tracing

    follow_parent()
    follow_database()
    if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        tracing.instrument()
