"""A category's list by date or title comes from an index, as the one by price does.

Processes of the release before, still at work while this one is rolled out, leave both empty: what they
touched meanwhile stands at the wrong end of its category's lists until it changes, or a replay of
``search.storefront``.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

FILL = """
UPDATE search_shelf s SET published_at = d.published_at, title = d.title
FROM search_document d WHERE d.product_id = s.product_id
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("search", "0005_lists_by_title")]

    operations = [
        migrations.AddField("shelf", "published_at", models.DateTimeField(null=True)),
        migrations.AddField("shelf", "title", models.TextField(default="", db_default="")),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        AddIndexConcurrently(
            "shelf",
            models.Index(
                fields=["category_id", "channel", "currency", "-published_at", "-product_id"],
                name="search_shelf_newest",
            ),
        ),
        AddIndexConcurrently(
            "shelf",
            models.Index(
                fields=["category_id", "channel", "currency", "title", "product_id"],
                name="search_shelf_title",
            ),
        ),
    ]
