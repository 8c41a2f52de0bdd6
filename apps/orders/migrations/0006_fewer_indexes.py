"""Without the indexes that say what the first column of another says already.

By SQL, because Django would drop the foreign keys too, and check every row to have them back.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("orders", "0005_longer_locales"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="orderaddress",
                    name="order",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="orders.order",
                    ),
                ),
                migrations.AlterField(
                    model_name="orderline",
                    name="order",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.order",
                    ),
                ),
                migrations.AlterField(
                    model_name="orderstatuschange",
                    name="order",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="history",
                        to="orders.order",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS orders_orderaddress_order_id_b1392cb3",
                    "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_orderaddress_order_id_b1392cb3 ON orders_orderaddress (order_id)",
                ),
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS orders_orderline_order_id_17f8f3ef",
                    "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_orderline_order_id_17f8f3ef ON orders_orderline (order_id)",
                ),
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS orders_orderstatuschange_order_id_f2b0239b",
                    "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_orderstatuschange_order_id_f2b0239b ON orders_orderstatuschange (order_id)",
                ),
            ],
        ),
    ]
