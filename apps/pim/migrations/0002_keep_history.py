"""Versions and publications are only ever added: the database refuses to change or delete one."""

from django.db import migrations

from ecommerce.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("pim", "0001_initial")]
    operations = [append_only("pim_contentversion"), append_only("pim_publication")]
