"""Documents are found by parts of the words of their titles, in every locale."""

from django.db import migrations, models

_FILL = """
    UPDATE search_document d SET localized_titles = written.by_place,
        all_titles = concat_ws(E'\\n', d.title, written.together)
    FROM (
        SELECT o.product_id, string_agg(t ->> 'title', E'\\n') AS together,
            coalesce(jsonb_object_agg(concat_ws(' ', t ->> 'locale', t ->> 'channel'), t ->> 'title')
                FILTER (WHERE t IS NOT NULL), '{}') AS by_place
        FROM search_document o
        LEFT JOIN jsonb_array_elements(o.body -> 'texts') t ON t ->> 'title' <> ''
        GROUP BY o.product_id
    ) written
    WHERE written.product_id = d.product_id
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.AddField("document", "localized_titles", models.JSONField(default=dict)),
        migrations.AddField("document", "all_titles", models.TextField(default="")),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
