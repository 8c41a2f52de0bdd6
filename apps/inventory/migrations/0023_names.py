"""What the admin calls things."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0022_allocations"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="discrepancy",
            options={"verbose_name_plural": "discrepancies"},
        ),
        migrations.AlterModelOptions(
            name="skutracking",
            options={"verbose_name": "SKU tracking", "verbose_name_plural": "SKU tracking"},
        ),
    ]
