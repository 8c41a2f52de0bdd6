"""Without the index that says what the first column of another says already.

By SQL, because Django would drop the foreign keys too, and check every row to have them back.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("checkout", "0003_longer_locales"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="saga",
                    name="checkout",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sagas",
                        to="checkout.checkout",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS checkout_saga_checkout_id_e0604e05",
                    "CREATE INDEX CONCURRENTLY IF NOT EXISTS checkout_saga_checkout_id_e0604e05 ON checkout_saga (checkout_id)",
                ),
            ],
        ),
    ]
