"""A component is no kit and a kit is no component: held by the database itself, one writer of kits at a time."""

from django.db import migrations

ONE_LEVEL = """
CREATE FUNCTION inventory_kit_of_one_level() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('inventory_kitcomponent'));
    IF EXISTS (SELECT FROM inventory_kitcomponent WHERE kit_sku_id = NEW.component_sku_id)
        OR EXISTS (SELECT FROM inventory_kitcomponent WHERE component_sku_id = NEW.kit_sku_id) THEN
        RAISE EXCEPTION 'a kit of kits: % in %', NEW.component_sku_id, NEW.kit_sku_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inventory_kit_of_one_level
    BEFORE INSERT OR UPDATE ON inventory_kitcomponent
    FOR EACH ROW EXECUTE FUNCTION inventory_kit_of_one_level();
"""

# As for levels: room on each page, so that an update touches no index.
ROOM = "ALTER TABLE inventory_stripe SET (fillfactor = 50)"


class Migration(migrations.Migration):
    dependencies = [("inventory", "0013_holds")]
    operations = [
        migrations.RunSQL(
            ONE_LEVEL,
            "DROP TRIGGER inventory_kit_of_one_level ON inventory_kitcomponent;"
            "DROP FUNCTION inventory_kit_of_one_level();",
        ),
        migrations.RunSQL(ROOM, "ALTER TABLE inventory_stripe RESET (fillfactor)"),
    ]
