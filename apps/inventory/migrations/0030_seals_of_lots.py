"""Seals have a form: those from now on are over the lots and serial numbers of their movements, too."""

from django.db import migrations, models

# Movements from before that moved lots or numbers are sealed once more, as they are now.
AGAIN = """
INSERT INTO inventory_pendingmovement (movement_id, created_at)
SELECT movement_id, moved_at FROM inventory_movementlot
UNION SELECT movement_id, moved_at FROM inventory_movementserial
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0029_count_units")]

    operations = [
        migrations.AddField(
            model_name="movementseal",
            name="form",
            field=models.PositiveSmallIntegerField(db_default=1),
        ),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]
