"""Sagas newest first, all of them and those in one state."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("checkout", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            "saga", models.Index(fields=["-created_at", "-id"], name="saga_newest")
        ),
        AddIndexConcurrently(
            "saga", models.Index(fields=["state", "-created_at", "-id"], name="saga_by_state")
        ),
    ]
