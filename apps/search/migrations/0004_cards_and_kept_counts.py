"""What a list shows of a product is kept ready, and so is how many products have a facet's value."""

from django.db import migrations, models

CARDS = """
UPDATE search_document SET card = left(jsonb_build_object(
    'productId', body->'productId', 'slug', body->'slug', 'brand', body->'brand',
    'productType', body->'productType', 'tags', body->'tags', 'seller', body->'seller',
    'image', coalesce(body #> '{media,0}', 'null'))::text, -1)
"""
COUNTS = """
INSERT INTO search_facetcount (merchant, channel, currency, facet, value, count)
SELECT d.merchant, l.channel, l.currency, of.facet, of.value, count(*)
FROM search_document d JOIN search_listing l USING (product_id) CROSS JOIN LATERAL (
    SELECT '' AS facet, '' AS value
    UNION ALL
    SELECT split_part(own, ':', 1), substr(own, strpos(own, ':') + 1) FROM unnest(d.facet_values) own
    UNION ALL
    SELECT DISTINCT 'category', up.category_id::text
    FROM search_category c JOIN search_category up
        ON up.category_id = c.category_id OR up.category_id = ANY(c.ancestor_ids)
    WHERE c.category_id = ANY(d.category_ids)
) of
GROUP BY 1, 2, 3, 4, 5
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
                ("facet", models.TextField()),
                ("value", models.TextField()),
                ("count", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["merchant", "channel", "currency", "facet", "-count", "value"],
                        name="search_facetcount_most",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="document", name="card", field=models.TextField(db_default="")
        ),
        migrations.RunSQL(CARDS, migrations.RunSQL.noop),
        migrations.RunSQL(COUNTS, migrations.RunSQL.noop),
    ]
