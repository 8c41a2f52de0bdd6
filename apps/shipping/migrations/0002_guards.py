"""The guards that no code can forget: declared steps only, and a timeline that is only added to."""

from django.db import migrations

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

APPEND_ONLY = """
CREATE FUNCTION shipping_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;

CREATE TRIGGER shipping_events_append_only BEFORE UPDATE OR DELETE ON shipping_trackingevent
    FOR EACH ROW EXECUTE FUNCTION shipping_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("shipping", "0001_initial")]

    operations = [
        migrations.RunSQL(
            STEPS,
            """DROP TRIGGER shipping_guard ON shipping_fulfilment;
               DROP FUNCTION shipping_guard_fulfilment;""",
        ),
        migrations.RunSQL(
            APPEND_ONLY,
            """DROP TRIGGER shipping_events_append_only ON shipping_trackingevent;
               DROP FUNCTION shipping_refuse_change;""",
        ),
    ]
