"""A warehouse's receipt may be of a delivery, and bring what nobody asked for."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0027_broken_units_in_house"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="warehousetaskline",
            name="inventory_task_line_counts",
        ),
        migrations.AddField(
            model_name="inbound",
            name="called_off_at",
            field=models.DateTimeField(
                help_text="since when its warehouse is asked not to wait for it", null=True
            ),
        ),
        migrations.AddField(
            model_name="warehousetask",
            name="inbound",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tasks",
                to="inventory.inbound",
            ),
        ),
        migrations.AddIndex(
            model_name="warehousetask",
            index=models.Index(
                condition=models.Q(("inbound__isnull", False)),
                fields=["inbound"],
                name="inventory_task_of_delivery",
            ),
        ),
        migrations.AddConstraint(
            model_name="warehousetask",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("inbound", None),
                    models.Q(("incoming", False), ("kind", "receipt")),
                    _connector="OR",
                ),
                name="inventory_task_of_delivery_receives",
            ),
        ),
        migrations.AddConstraint(
            model_name="warehousetask",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["ACCEPTED", "REQUESTED", "SENT"])),
                fields=("inbound",),
                name="inventory_task_one_open_receipt",
            ),
        ),
        migrations.AddConstraint(
            model_name="warehousetaskline",
            constraint=models.CheckConstraint(
                condition=models.Q(("damaged__gte", 0), ("done__gte", 0), ("quantity__gte", 0)),
                name="inventory_task_line_counts",
            ),
        ),
    ]
