from django.db import migrations, models

import ecommerce.ids


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0017_planning"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChannelBuffer",
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
                ("channel", models.SlugField(max_length=40)),
                ("sku_id", models.UUIDField(blank=True, null=True)),
                ("units", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("channel", "sku_id"),
                        name="inventory_buffer_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("units__gte", 0)), name="inventory_buffer_not_negative"
                    ),
                ],
            },
        ),
    ]
