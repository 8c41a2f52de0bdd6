"""The log's parts of this month and the next ones, so that a new shop starts without waiting for a worker."""

from django.db import migrations

from ecommerce import clock
from ecommerce.events.months import ensure_months


def make_months(apps, schema_editor):
    ensure_months(now=clock.now())


class Migration(migrations.Migration):
    dependencies = [("events", "0002_event_log")]
    operations = [migrations.RunPython(make_months, migrations.RunPython.noop)]
