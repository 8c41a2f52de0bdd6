"""The ledger is append-only, and on-hand follows it: both held by the database itself."""

from django.db import migrations

from ecommerce.append_only import append_only

# Checked at commit, so that the level and its entry may be written in either order. It costs one
# index look-up, and only where on-hand changed: reservations never pay for it.
FOLLOWS = """
CREATE FUNCTION inventory_level_follows_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM inventory_stockmovement m
        WHERE m.sku_id = NEW.sku_id AND m.location_id = NEW.location_id
          AND m.version = NEW.version AND m.on_hand_after = NEW.on_hand
    ) THEN
        RAISE EXCEPTION 'on_hand of % changed without a ledger entry', NEW.sku_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER inventory_level_new_follows_ledger
    AFTER INSERT ON inventory_stocklevel DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.on_hand <> 0 OR NEW.version <> 0)
    EXECUTE FUNCTION inventory_level_follows_ledger();
CREATE CONSTRAINT TRIGGER inventory_level_follows_ledger
    AFTER UPDATE ON inventory_stocklevel DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.on_hand IS DISTINCT FROM NEW.on_hand OR OLD.version IS DISTINCT FROM NEW.version)
    EXECUTE FUNCTION inventory_level_follows_ledger();
"""

# Room on each page for the next version of a hot row, so that an update touches no index.
ROOM = "ALTER TABLE inventory_stocklevel SET (fillfactor = 70)"


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]
    operations = [
        append_only("inventory_stockmovement"),
        migrations.RunSQL(
            FOLLOWS,
            "DROP TRIGGER inventory_level_follows_ledger ON inventory_stocklevel;"
            "DROP TRIGGER inventory_level_new_follows_ledger ON inventory_stocklevel;"
            "DROP FUNCTION inventory_level_follows_ledger();",
        ),
        migrations.RunSQL(ROOM, "ALTER TABLE inventory_stocklevel RESET (fillfactor)"),
    ]
