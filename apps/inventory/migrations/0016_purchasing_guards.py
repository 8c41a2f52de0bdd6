"""Declared steps only, numbers that nobody has, and books that are only added to."""

from django.db import migrations

from ecommerce.append_only import append_only

STEPS = """
CREATE FUNCTION inventory_guard_purchase_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('DRAFT', 'APPROVED'), ('DRAFT', 'CANCELLED'),
        ('APPROVED', 'SENT'), ('APPROVED', 'CANCELLED'),
        ('SENT', 'PARTIALLY_RECEIVED'), ('SENT', 'CLOSED'), ('SENT', 'CANCELLED'),
        ('PARTIALLY_RECEIVED', 'CLOSED'))
    THEN
        RAISE EXCEPTION 'a purchase order does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'inventory_po_declared_step';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inventory_purchase_order_guard BEFORE UPDATE OF state ON inventory_purchaseorder
    FOR EACH ROW EXECUTE FUNCTION inventory_guard_purchase_order();
"""

NUMBERS = """
CREATE SEQUENCE inventory_purchase_number;
CREATE SEQUENCE inventory_inbound_number;
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0015_purchasing")]
    operations = [
        migrations.RunSQL(
            STEPS,
            "DROP TRIGGER inventory_purchase_order_guard ON inventory_purchaseorder;"
            "DROP FUNCTION inventory_guard_purchase_order();",
        ),
        migrations.RunSQL(
            NUMBERS,
            "DROP SEQUENCE inventory_purchase_number; DROP SEQUENCE inventory_inbound_number;",
        ),
        append_only("inventory_inboundreceipt"),
        append_only("inventory_costlayer"),
        append_only("inventory_costentry"),
    ]
