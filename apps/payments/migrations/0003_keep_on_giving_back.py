"""Reversals are never given up: what had failed for good is stuck now, and due."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_ledger_guards")]

    operations = [
        migrations.AlterField(
            "reversal",
            "state",
            models.CharField(
                choices=[("pending", "Pending"), ("stuck", "Stuck"), ("done", "Done")],
                db_default="pending",
                default="pending",
                max_length=10,
            ),
        ),
        migrations.RunSQL(
            "UPDATE payments_reversal SET state = 'stuck', next_try_at = now() WHERE state = 'failed'",
            "UPDATE payments_reversal SET state = 'failed' WHERE state = 'stuck'",
        ),
        migrations.RemoveIndex("reversal", "payments_reversal_due"),
        migrations.AddIndex(
            "reversal",
            models.Index(
                fields=["next_try_at"], name="payments_reversal_due", condition=~Q(state="done")
            ),
        ),
    ]
