"""The index over the titles of all locales takes the place of that over the products' own."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("search", "0002_titles_of_all_locales")]

    operations = [
        AddIndexConcurrently(
            "document",
            GinIndex(
                fields=["all_titles"], name="search_document_titles", opclasses=["gin_trgm_ops"]
            ),
        ),
        RemoveIndexConcurrently("document", "search_document_title"),
    ]
