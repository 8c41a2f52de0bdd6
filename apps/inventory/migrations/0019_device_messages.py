import django.contrib.postgres.functions
from django.db import migrations, models

import ecommerce.ids


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0018_channel_buffers"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeviceLetter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ecommerce.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("topic", models.TextField()),
                ("payload", models.BinaryField()),
                ("key", models.CharField(max_length=250, null=True, unique=True)),
                ("code", models.CharField(max_length=100)),
                ("detail", models.CharField(max_length=500)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("applied", "Applied"),
                            ("discarded", "Discarded"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=1)),
                (
                    "received_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow()
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_by", models.CharField(blank=True, default="", max_length=100)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "open")),
                        fields=["received_at", "id"],
                        name="inventory_letter_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("status", "open")),
                            models.Q(
                                models.Q(("status", "open"), _negated=True),
                                ("closed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="inventory_letter_closed_with_its_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeviceReceipt",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("client", models.CharField(max_length=100)),
                ("number", models.IntegerField()),
                ("digest", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("client", "number"), name="inventory_receipt_once_a_number"
                    )
                ],
            },
        ),
    ]
