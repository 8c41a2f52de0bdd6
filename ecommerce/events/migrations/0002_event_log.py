"""The log, range-partitioned by the time of recording. Django cannot say this, so SQL does."""

from django.db import migrations, models

CREATE = """
CREATE TABLE event_log (
    position bigint NOT NULL,
    partition smallint NOT NULL,
    recorded_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    event_type text NOT NULL,
    occurred_at timestamptz NOT NULL,
    producer text NOT NULL,
    trace_id text NOT NULL DEFAULT '',
    traceparent text NOT NULL DEFAULT '',
    correlation_id text NOT NULL,
    causation_id text NOT NULL DEFAULT '',
    schema_version smallint NOT NULL,
    partition_key text NOT NULL,
    payload jsonb NOT NULL,
    PRIMARY KEY (position, recorded_at)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX event_log_of_partition ON event_log (partition, position);
CREATE TABLE event_log_default PARTITION OF event_log DEFAULT;
"""

# The outbox is emptied as fast as it fills: vacuum by count, or its dead rows slow the sequencer down.
STORAGE = """
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
                        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000);
ALTER TABLE event_offset SET (fillfactor = 50);
ALTER TABLE event_head SET (fillfactor = 50);
ALTER TABLE event_sequence SET (fillfactor = 10);
"""
DEFAULTS = """
ALTER TABLE outbox RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
                          autovacuum_analyze_scale_factor, autovacuum_analyze_threshold);
ALTER TABLE event_offset RESET (fillfactor);
ALTER TABLE event_head RESET (fillfactor);
ALTER TABLE event_sequence RESET (fillfactor);
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(CREATE, "DROP TABLE event_log")],
            state_operations=[
                migrations.CreateModel(
                    name="LogEntry",
                    fields=[
                        ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("partition", models.SmallIntegerField()),
                        ("recorded_at", models.DateTimeField()),
                        ("event_id", models.UUIDField()),
                        ("event_type", models.TextField()),
                        ("occurred_at", models.DateTimeField()),
                        ("producer", models.TextField()),
                        ("trace_id", models.TextField(default="")),
                        ("traceparent", models.TextField(default="")),
                        ("correlation_id", models.TextField()),
                        ("causation_id", models.TextField(default="")),
                        ("schema_version", models.SmallIntegerField()),
                        ("partition_key", models.TextField()),
                        ("payload", models.JSONField()),
                    ],
                    options={
                        "verbose_name": "event",
                        "verbose_name_plural": "event log",
                        "db_table": "event_log",
                    },
                )
            ],
        ),
        migrations.RunSQL(STORAGE, DEFAULTS),
    ]
