"""The admin calls things by the words of those who work with them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0025_what_waits"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="alertinstance",
            options={"verbose_name": "alert"},
        ),
        migrations.AlterModelOptions(
            name="deviceletter",
            options={"verbose_name": "device message"},
        ),
        migrations.AlterModelOptions(
            name="discrepancy",
            options={"verbose_name": "delivery difference"},
        ),
        migrations.AlterModelOptions(
            name="inbound",
            options={"verbose_name": "delivery", "verbose_name_plural": "deliveries"},
        ),
        migrations.AlterModelOptions(
            name="stockhold",
            options={
                "verbose_name": "SKU held from sale",
                "verbose_name_plural": "SKUs held from sale",
            },
        ),
        migrations.AlterModelOptions(
            name="warehousemessage",
            options={"verbose_name": "warehouse report"},
        ),
    ]
