"""Without the indexes by account: there are few accounts, and whoever asks for one's lines reads half of them all.

By SQL, because Django would drop the foreign keys too, and check every row to have them back.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("payments", "0004_name_entries"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="journalline",
                    name="account",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.ledgeraccount",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS payments_journalline_account_id_4c539d55",
                    "CREATE INDEX CONCURRENTLY IF NOT EXISTS payments_journalline_account_id_4c539d55 ON payments_journalline (account_id)",
                ),
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS payments_journalline_account_id_4c539d55_like",
                    "CREATE INDEX CONCURRENTLY IF NOT EXISTS payments_journalline_account_id_4c539d55_like ON payments_journalline (account_id varchar_pattern_ops)",
                ),
            ],
        ),
    ]
