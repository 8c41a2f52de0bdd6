"""The default row of the location dimension."""

from django.db import migrations

from ecommerce.dimensions import LOCATION
from ecommerce.ids import new_id


def add_default(apps, schema_editor):
    apps.get_model("inventory", "Location").objects.get_or_create(
        code=LOCATION, defaults={"id": new_id(), "name": "Main warehouse", "priority": 10}
    )


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_ledger_guards")]
    operations = [migrations.RunPython(add_default, migrations.RunPython.noop)]
