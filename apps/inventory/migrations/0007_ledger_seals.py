"""Movements wait for a seal from the transaction on that writes them; seals are never rewritten."""

import django.contrib.postgres.fields
from django.db import migrations, models

from ecommerce.append_only import append_only

# By statement, not by row: a load of thousands waits with one INSERT.
QUEUE = """
CREATE FUNCTION inventory_queue_for_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO inventory_pendingmovement (movement_id, created_at)
    SELECT id, created_at FROM entered;
    RETURN NULL;
END $$;
CREATE TRIGGER inventory_queue_for_seal AFTER INSERT ON inventory_stockmovement
    REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION inventory_queue_for_seal();
INSERT INTO inventory_pendingmovement (movement_id, created_at)
SELECT id, created_at FROM inventory_stockmovement;
"""
QUEUE_OFF = """
DROP TRIGGER inventory_queue_for_seal ON inventory_stockmovement;
DROP FUNCTION inventory_queue_for_seal();
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0006_stock_states")]

    operations = [
        migrations.CreateModel(
            name="PendingMovement",
            fields=[
                ("movement_id", models.UUIDField(primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="MovementSeal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed_at", models.DateTimeField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "movement_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None
                    ),
                ),
                (
                    "movement_hashes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BinaryField(), size=None
                    ),
                ),
                ("previous", models.BinaryField()),
                ("digest", models.BinaryField()),
                ("key_id", models.CharField(max_length=32)),
                ("signature", models.BinaryField()),
            ],
        ),
        migrations.RunSQL(QUEUE, QUEUE_OFF),
        append_only("inventory_movementseal"),
    ]
