"""What has happened has happened: the database refuses to rewrite the log."""

from django.db import migrations

from ecommerce.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("events", "0003_first_months")]
    operations = [append_only("event_log")]
