"""A list by title comes from an index, and so do the titles that begin with what is typed."""

from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("search", "0004_cards_and_kept_counts")]

    operations = [
        AddIndexConcurrently(
            "document",
            models.Index(fields=["title", "product_id"], name="search_document_by_title"),
        ),
        AddIndexConcurrently(
            "document",
            models.Index(OpClass(Lower("title"), "text_pattern_ops"), name="search_document_begun"),
        ),
    ]
