"""Lots and serial numbers; of SKUs that have them they add up to the level, held at commit."""

import django.db.models.deletion
from django.db import migrations, models

import ecommerce.ids
from ecommerce.append_only import append_only

# Asked at commit, by whichever of the level, its lots and its units with numbers changed.
ADD_UP = """
CREATE FUNCTION inventory_lots_are_the_level() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    tracking inventory_skutracking%ROWTYPE;
    changed record;
    units bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF;
    SELECT * INTO tracking FROM inventory_skutracking WHERE sku_id = changed.sku_id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    -- A unit that left was at the place of before.
    IF TG_TABLE_NAME = 'inventory_serial' AND TG_OP = 'UPDATE' AND NEW.location_id IS NULL THEN
        changed := OLD;
    END IF;
    IF changed.location_id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(sum(on_hand), 0) INTO units FROM inventory_stocklevel
    WHERE sku_id = changed.sku_id AND location_id = changed.location_id;
    IF tracking.lots AND units <> (
        SELECT coalesce(sum(on_hand), 0) FROM inventory_lotbalance
        WHERE sku_id = changed.sku_id AND location_id = changed.location_id
    ) THEN
        RAISE EXCEPTION 'lots of % do not add up to what is on hand', changed.sku_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF tracking.serials AND units <> (
        SELECT count(*) FROM inventory_serial
        WHERE sku_id = changed.sku_id AND location_id = changed.location_id
    ) THEN
        RAISE EXCEPTION 'units with numbers of % are not those on hand', changed.sku_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER inventory_level_is_its_lots
    AFTER UPDATE ON inventory_stocklevel DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.on_hand IS DISTINCT FROM NEW.on_hand)
    EXECUTE FUNCTION inventory_lots_are_the_level();
CREATE CONSTRAINT TRIGGER inventory_level_new_is_its_lots
    AFTER INSERT ON inventory_stocklevel DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.on_hand <> 0) EXECUTE FUNCTION inventory_lots_are_the_level();
CREATE CONSTRAINT TRIGGER inventory_lots_are_the_level
    AFTER INSERT OR UPDATE OR DELETE ON inventory_lotbalance DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION inventory_lots_are_the_level();
CREATE CONSTRAINT TRIGGER inventory_serials_are_the_level
    AFTER INSERT OR UPDATE OR DELETE ON inventory_serial DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION inventory_lots_are_the_level();
"""
ADD_UP_OFF = """
DROP TRIGGER inventory_serials_are_the_level ON inventory_serial;
DROP TRIGGER inventory_lots_are_the_level ON inventory_lotbalance;
DROP TRIGGER inventory_level_new_is_its_lots ON inventory_stocklevel;
DROP TRIGGER inventory_level_is_its_lots ON inventory_stocklevel;
DROP FUNCTION inventory_lots_are_the_level();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0008_stock_transfers"),
    ]

    operations = [
        migrations.CreateModel(
            name="SkuTracking",
            fields=[
                ("sku_id", models.UUIDField(primary_key=True, serialize=False)),
                ("lots", models.BooleanField(default=False)),
                ("serials", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ecommerce.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("sku_id", models.UUIDField()),
                ("code", models.CharField(max_length=100)),
                ("expires_on", models.DateField(null=True)),
                ("received_on", models.DateField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("expires_on__isnull", False)),
                        fields=["expires_on"],
                        name="inventory_lot_expires",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("sku_id", "code"), name="inventory_lot_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Serial",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ecommerce.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("sku_id", models.UUIDField()),
                ("number", models.CharField(max_length=100)),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.lot",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MovementSerial",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("movement_id", models.UUIDField()),
                ("moved_at", models.DateTimeField()),
                ("kind", models.CharField(max_length=20)),
                ("reference", models.CharField(max_length=100)),
                (
                    "serial",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.serial",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LotBalance",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("sku_id", models.UUIDField()),
                ("on_hand", models.IntegerField()),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="balances",
                        to="inventory.lot",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["sku_id", "location"], name="inventory_lots_of_level")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("lot", "location"), name="inventory_lot_balance_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("on_hand__gte", 0)),
                        name="inventory_lot_balance_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MovementLot",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("movement_id", models.UUIDField()),
                ("moved_at", models.DateTimeField()),
                ("kind", models.CharField(max_length=20)),
                ("reference", models.CharField(max_length=100)),
                ("delta", models.IntegerField()),
                (
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.location",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.lot",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["lot", "-moved_at", "-id"], name="inventory_lot_moved"),
                    models.Index(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=["reference"],
                        name="inventory_lots_about",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("movement_id", "lot"), name="inventory_movement_lot"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("delta", 0), _negated=True),
                        name="inventory_movement_lot_moves",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="serial",
            index=models.Index(
                condition=models.Q(("location__isnull", False)),
                fields=["sku_id", "location"],
                name="inventory_serials_of_level",
            ),
        ),
        migrations.AddConstraint(
            model_name="serial",
            constraint=models.UniqueConstraint(
                fields=("sku_id", "number"), name="inventory_serial_once"
            ),
        ),
        migrations.AddIndex(
            model_name="movementserial",
            index=models.Index(
                models.F("serial"),
                models.OrderBy(models.F("moved_at"), descending=True),
                name="inventory_serial_moved",
            ),
        ),
        migrations.AddIndex(
            model_name="movementserial",
            index=models.Index(
                condition=models.Q(("reference", ""), _negated=True),
                fields=["reference"],
                name="inventory_serials_about",
            ),
        ),
        migrations.AddConstraint(
            model_name="movementserial",
            constraint=models.UniqueConstraint(
                fields=("movement_id", "serial"), name="inventory_movement_serial"
            ),
        ),
        migrations.RunSQL(ADD_UP, ADD_UP_OFF),
        append_only("inventory_movementlot"),
        append_only("inventory_movementserial"),
    ]
