"""The outbox keeps payloads as they were written: only the log, which is read by members, takes them apart.

Whoever sells waits for the outbox, and nobody for the sequencer.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("events", "0004_append_only")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE outbox ALTER COLUMN payload TYPE json",
            reverse_sql="ALTER TABLE outbox ALTER COLUMN payload TYPE jsonb",
        )
    ]
