"""The guards that no code can forget: declared steps only, and a timeline that is only added to."""

from django.db import migrations

from ecommerce.append_only import append_only

STEPS = """
CREATE FUNCTION shipping_guard_fulfilment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('REQUESTED', 'PICKING'), ('REQUESTED', 'CANCELED'),
        ('PICKING', 'PACKED'), ('PICKING', 'CANCELED'),
        ('PACKED', 'SHIPPED'), ('PACKED', 'CANCELED'),
        ('SHIPPED', 'DELIVERED'))
    THEN
        RAISE EXCEPTION 'a fulfilment does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shipping_declared_step';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER shipping_guard BEFORE UPDATE OF state ON shipping_fulfilment
    FOR EACH ROW EXECUTE FUNCTION shipping_guard_fulfilment();
"""


class Migration(migrations.Migration):
    dependencies = [("shipping", "0001_initial")]

    operations = [
        migrations.RunSQL(
            STEPS,
            """DROP TRIGGER shipping_guard ON shipping_fulfilment;
               DROP FUNCTION shipping_guard_fulfilment;""",
        ),
        append_only("shipping_trackingevent"),
    ]
