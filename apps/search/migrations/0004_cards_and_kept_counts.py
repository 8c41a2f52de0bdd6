"""What a list shows of a product is kept ready, by category too, and how many have a facet's value."""

from django.db import migrations, models

CARDS = """
UPDATE search_document SET card = left(jsonb_build_object(
    'productId', body->'productId', 'slug', body->'slug', 'brand', body->'brand',
    'productType', body->'productType', 'tags', body->'tags', 'seller', body->'seller',
    'image', coalesce(body #> '{media,0}', 'null'))::text, -1)
"""
SHELVES = """
INSERT INTO search_shelf (category_id, channel, currency, product_id, amount_minor, compare_at_minor,
    highest_minor)
SELECT DISTINCT up.category_id, l.channel, l.currency, l.product_id, l.amount_minor,
    l.compare_at_minor, l.highest_minor
FROM search_listing l JOIN search_document d USING (product_id)
JOIN search_category c ON c.category_id = ANY(d.category_ids)
CROSS JOIN LATERAL unnest(c.ancestor_ids || c.category_id) AS up(category_id)
"""
COUNTS = """
INSERT INTO search_facetcount (merchant, channel, currency, category_id, facet, value, count)
SELECT d.merchant, l.channel, l.currency, within.category_id, of.facet, of.value, count(*)
FROM search_document d JOIN search_listing l USING (product_id)
CROSS JOIN LATERAL (
    SELECT DISTINCT up.category_id
    FROM search_category c, unnest(c.ancestor_ids || c.category_id) AS up(category_id)
    WHERE c.category_id = ANY(d.category_ids)
    UNION ALL SELECT '00000000-0000-0000-0000-000000000000'
) within
CROSS JOIN LATERAL (
    SELECT '' AS facet, '' AS value
    UNION ALL
    SELECT split_part(own, ':', 1), substr(own, strpos(own, ':') + 1) FROM unnest(d.facet_values) own
    UNION ALL
    SELECT DISTINCT 'category', up.category_id::text
    FROM search_category c, unnest(c.ancestor_ids || c.category_id) AS up(category_id)
    WHERE c.category_id = ANY(d.category_ids)
) of
GROUP BY 1, 2, 3, 4, 5, 6
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0003_titles_by_their_parts")]

    operations = [
        migrations.CreateModel(
            name="FacetCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "merchant",
                        "channel",
                        "currency",
                        "category_id",
                        "facet",
                        "value",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("merchant", models.TextField()),
                ("channel", models.TextField()),
                ("currency", models.CharField(max_length=3)),
                ("category_id", models.UUIDField()),
                ("facet", models.TextField()),
                ("value", models.TextField()),
                ("count", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=[
                            *("merchant", "channel", "currency", "category_id", "facet"),
                            *("-count", "value"),
                        ],
                        name="search_facetcount_most",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Shelf",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "category_id",
                        "channel",
                        "currency",
                        "product_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("category_id", models.UUIDField()),
                ("channel", models.TextField()),
                ("currency", models.CharField(max_length=3)),
                ("product_id", models.UUIDField(db_index=True)),
                ("amount_minor", models.BigIntegerField()),
                ("compare_at_minor", models.BigIntegerField(null=True)),
                ("highest_minor", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=[
                            *("category_id", "channel", "currency"),
                            *("amount_minor", "product_id"),
                        ],
                        name="search_shelf_price",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="document", name="card", field=models.TextField(db_default="")
        ),
        migrations.RunSQL(CARDS, migrations.RunSQL.noop),
        migrations.RunSQL(SHELVES, migrations.RunSQL.noop),
        migrations.RunSQL(COUNTS, migrations.RunSQL.noop),
    ]
