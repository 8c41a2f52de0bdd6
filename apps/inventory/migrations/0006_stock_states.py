"""Units that cannot be sold and units on their way, beside those on hand."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

COLUMNS = """
ALTER TABLE inventory_stockmovement
    ADD COLUMN damaged_delta integer NOT NULL DEFAULT 0,
    ADD COLUMN damaged_after integer NOT NULL DEFAULT 0
        CONSTRAINT inventory_movement_damaged_not_negative CHECK (damaged_after >= 0),
    DROP CONSTRAINT inventory_movement_moves,
    ADD CONSTRAINT inventory_movement_moves CHECK (delta <> 0 OR damaged_delta <> 0),
    DROP CONSTRAINT inventory_movement_goes_its_way;
"""
# Asked of new entries only: before there was such a state, damage took units out of the books.
ITS_WAY = """
ALTER TABLE inventory_stockmovement ADD CONSTRAINT inventory_movement_goes_its_way CHECK (
    NOT (kind IN ('opening', 'receipt', 'return', 'transfer_in')
         AND (delta < 0 OR damaged_delta < 0))
    AND NOT (kind IN ('pick', 'scrap', 'shipment', 'transfer_out')
             AND (delta > 0 OR damaged_delta > 0))
    AND NOT (kind = 'damage' AND (delta > 0 OR delta + damaged_delta <> 0))) NOT VALID;
"""
COLUMNS_OFF = """
ALTER TABLE inventory_stockmovement
    DROP CONSTRAINT inventory_movement_goes_its_way,
    DROP CONSTRAINT inventory_movement_moves,
    ADD CONSTRAINT inventory_movement_moves CHECK (delta <> 0) NOT VALID,
    ADD CONSTRAINT inventory_movement_goes_its_way CHECK (
        NOT (kind IN ('opening', 'receipt', 'return', 'transfer_in') AND delta < 0)
        AND NOT (kind IN ('damage', 'shipment', 'transfer_out') AND delta > 0)) NOT VALID,
    DROP COLUMN damaged_after, DROP COLUMN damaged_delta;
"""

_ENTRY = """
CREATE OR REPLACE FUNCTION inventory_entry_is_its_levels_last() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM inventory_stocklevel l
        WHERE l.sku_id = NEW.sku_id AND l.location_id = NEW.location_id
          AND l.version = NEW.version AND l.moved_at = NEW.created_at
          AND l.on_hand = NEW.on_hand_after {damaged_now}
    ) THEN
        RAISE EXCEPTION 'a ledger entry of % that its level does not follow', NEW.sku_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""
_LEVEL = """
CREATE OR REPLACE FUNCTION inventory_level_follows_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    had integer := 0;
    had_damaged integer := 0;
    last bigint := 0;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        had := OLD.on_hand;
        last := OLD.version;
        {remember}
    END IF;
    IF NEW.version <> last + 1 OR NOT EXISTS (
        SELECT FROM inventory_stockmovement m
        WHERE m.sku_id = NEW.sku_id AND m.location_id = NEW.location_id
          AND m.created_at = NEW.moved_at AND m.version = NEW.version
          AND m.on_hand_after = NEW.on_hand AND m.delta = NEW.on_hand - had {damaged_moved}
    ) THEN
        RAISE EXCEPTION 'on_hand of % changed without a ledger entry', NEW.sku_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER inventory_level_follows_ledger ON inventory_stocklevel;
CREATE CONSTRAINT TRIGGER inventory_level_follows_ledger
    AFTER UPDATE ON inventory_stocklevel DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN ((OLD.on_hand, {old} OLD.version, OLD.moved_at)
        IS DISTINCT FROM (NEW.on_hand, {new} NEW.version, NEW.moved_at))
    EXECUTE FUNCTION inventory_level_follows_ledger();
"""
GUARDS = _ENTRY.format(damaged_now="AND l.damaged = NEW.damaged_after") + _LEVEL.format(
    remember="had_damaged := OLD.damaged;",
    damaged_moved="AND m.damaged_after = NEW.damaged"
    " AND m.damaged_delta = NEW.damaged - had_damaged",
    old="OLD.damaged,",
    new="NEW.damaged,",
)
GUARDS_OFF = _ENTRY.format(damaged_now="") + _LEVEL.format(
    remember="", damaged_moved="", old="", new=""
)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0005_ledger_by_month")]

    operations = [
        migrations.AddField("stocklevel", "damaged", models.IntegerField(db_default=0, default=0)),
        migrations.AddField("stocklevel", "incoming", models.IntegerField(db_default=0, default=0)),
        migrations.AddConstraint(
            "stocklevel",
            models.CheckConstraint(
                condition=Q(damaged__gte=0), name="inventory_level_damaged_not_negative"
            ),
        ),
        migrations.AddConstraint(
            "stocklevel",
            models.CheckConstraint(
                condition=Q(incoming__gte=0), name="inventory_level_incoming_not_negative"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(COLUMNS, COLUMNS_OFF),
                migrations.RunSQL(ITS_WAY, migrations.RunSQL.noop),
            ],
            state_operations=[
                migrations.AddField(
                    "stockmovement", "damaged_delta", models.IntegerField(db_default=0, default=0)
                ),
                migrations.AddField(
                    "stockmovement", "damaged_after", models.IntegerField(db_default=0, default=0)
                ),
                migrations.AddConstraint(
                    "stockmovement",
                    models.CheckConstraint(
                        condition=Q(damaged_after__gte=0),
                        name="inventory_movement_damaged_not_negative",
                    ),
                ),
                migrations.RemoveConstraint("stockmovement", "inventory_movement_moves"),
                migrations.AddConstraint(
                    "stockmovement",
                    models.CheckConstraint(
                        condition=~Q(delta=0, damaged_delta=0), name="inventory_movement_moves"
                    ),
                ),
                migrations.RemoveConstraint("stockmovement", "inventory_movement_goes_its_way"),
                migrations.AddConstraint(
                    "stockmovement",
                    models.CheckConstraint(
                        condition=~(
                            Q(kind__in=["opening", "receipt", "return", "transfer_in"])
                            & (Q(delta__lt=0) | Q(damaged_delta__lt=0))
                        )
                        & ~(
                            Q(kind__in=["pick", "scrap", "shipment", "transfer_out"])
                            & (Q(delta__gt=0) | Q(damaged_delta__gt=0))
                        )
                        & ~(
                            Q(kind="damage")
                            & (Q(delta__gt=0) | ~Q(damaged_delta=-models.F("delta")))
                        ),
                        name="inventory_movement_goes_its_way",
                    ),
                ),
                migrations.AlterField(
                    "stockmovement",
                    "kind",
                    models.CharField(
                        choices=[
                            ("opening", "Opening"),
                            ("receipt", "Receipt"),
                            ("adjustment", "Adjustment"),
                            ("count", "Count"),
                            ("transfer_out", "Transfer Out"),
                            ("transfer_in", "Transfer In"),
                            ("pick", "Pick"),
                            ("shipment", "Shipment"),
                            ("return", "Return"),
                            ("damage", "Damage"),
                            ("scrap", "Scrap"),
                            ("kit", "Kit"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
        ),
        migrations.RunSQL(GUARDS, GUARDS_OFF),
        migrations.CreateModel(
            name="IncomingChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=200, unique=True)),
                ("sku_id", models.UUIDField()),
                ("delta", models.IntegerField()),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow()
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["sku_id", "location"], name="inventory_incoming_of_level")
                ],
            },
        ),
    ]
