"""A list by title comes from an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("search", "0004_cards_and_kept_counts")]

    operations = [
        AddIndexConcurrently(
            "document",
            models.Index(fields=["title", "product_id"], name="search_document_by_title"),
        ),
    ]
