"""What waits for somebody is counted from an index, however many orders and reports there were."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("inventory", "0024_reservations_say_what_was_asked")]

    operations = [
        AddIndexConcurrently(
            "allocation",
            models.Index(
                fields=["status"],
                name="inventory_allocation_open",
                condition=~Q(status__in=["RELEASED", "SHIPPED"]),
            ),
        ),
        AddIndexConcurrently(
            "warehousemessage",
            models.Index(
                fields=["received_at"],
                name="inventory_warehouse_msg_failed",
                condition=Q(state="failed"),
            ),
        ),
    ]
