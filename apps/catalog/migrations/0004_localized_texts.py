"""Texts by locale and channel leave the product's row for a table that a replay can build anew."""

from django.db import migrations, models

_MOVE = """
    INSERT INTO catalog_localizedtext (product_id, locale, channel, title, description, bullets,
        seo_title, seo_description, version)
    SELECT p.id, t.locale, t.channel, t.title, t.description, t.bullets, t.seo_title,
        t.seo_description, t.version
    FROM catalog_product p, jsonb_to_recordset(p.texts) AS t(locale text, channel text, title text,
        description text, bullets jsonb, seo_title text, seo_description text, version int)
"""
_MOVE_BACK = """
    UPDATE catalog_product p SET texts = moved.texts
    FROM (SELECT product_id, jsonb_agg(to_jsonb(t) - 'product_id' ORDER BY locale, channel) AS texts
          FROM catalog_localizedtext t GROUP BY product_id) moved
    WHERE moved.product_id = p.id
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_offers_in_several_currencies")]

    operations = [
        migrations.CreateModel(
            name="LocalizedText",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "product_id",
                        "locale",
                        "channel",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("product_id", models.UUIDField()),
                ("locale", models.CharField(max_length=35)),
                ("channel", models.CharField(max_length=64)),
                ("title", models.TextField()),
                ("description", models.TextField()),
                ("bullets", models.JSONField()),
                ("seo_title", models.TextField()),
                ("seo_description", models.TextField()),
                ("version", models.PositiveIntegerField()),
            ],
        ),
        migrations.RunSQL(_MOVE, _MOVE_BACK),
        migrations.RemoveField(model_name="product", name="texts"),
    ]
