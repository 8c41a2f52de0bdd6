"""What became of broken units of a delivery, and how many of them lie among the damaged ones of their level."""

from django.db import migrations, models

# Of differences from before, only what was found broken by counting again is on the ledger.
KNOWN = """
UPDATE inventory_discrepancy d SET in_house = m.units
FROM (
    SELECT DISTINCT ON (x.line_id) x.id, (
        SELECT coalesce(sum(v.damaged_delta), 0) FROM inventory_stockmovement v
        WHERE v.reference = n.inbound_id::text AND v.sku_id = n.sku_id AND v.kind = 'damage'
          AND v.reason = 'counted again') AS units
    FROM inventory_discrepancy x JOIN inventory_inboundline n ON n.id = x.line_id
    WHERE x.kind = 'DAMAGED' ORDER BY x.line_id, x.created_at DESC
) m
WHERE m.id = d.id AND m.units > 0
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0026_plain_names")]
    operations = [
        migrations.AddField(
            model_name="discrepancy",
            name="disposal",
            field=models.CharField(
                blank=True,
                choices=[("scrap", "scrap"), ("return", "return"), ("keep", "keep")],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="discrepancy",
            name="in_house",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="discrepancy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("in_house", 0),
                    models.Q(("in_house__gt", 0), ("kind", "DAMAGED")),
                    _connector="OR",
                ),
                name="inventory_discrepancy_in_house",
            ),
        ),
    ]
