"""The number sequence, the history that writes itself, and the guards that no code can forget."""

from django.db import migrations

from ecommerce.append_only import append_only

TRANSITIONS = """
CREATE FUNCTION orders_may_move(before text, after text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT (before, after) IN (
        ('PENDING', 'CONFIRMED'), ('PENDING', 'CANCELED'),
        ('CONFIRMED', 'PAID'), ('CONFIRMED', 'CANCELED'),
        ('PAID', 'FULFILLED'), ('PAID', 'CANCELED'),
        ('FULFILLED', 'COMPLETED'))
$$;

CREATE FUNCTION orders_guard_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND NOT orders_may_move(OLD.status, NEW.status) THEN
        RAISE EXCEPTION 'an order does not go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'orders_declared_transition';
    END IF;
    IF NEW.status = 'CANCELED' AND OLD.fulfilment_started_at IS NOT NULL THEN
        RAISE EXCEPTION 'the warehouse is at work on order %', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'orders_cancel_before_fulfilment';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER orders_guard BEFORE UPDATE ON orders_order
    FOR EACH ROW EXECUTE FUNCTION orders_guard_order();
"""

HISTORY = """
CREATE FUNCTION orders_write_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO orders_orderstatuschange
        (order_id, previous_status, status, reason, actor, version, occurred_at)
    VALUES (NEW.id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END, NEW.status,
            NEW.status_reason, NEW.status_actor, NEW.version, NEW.updated_at);
    RETURN NULL;
END $$;

CREATE TRIGGER orders_history_of_new AFTER INSERT ON orders_order
    FOR EACH ROW EXECUTE FUNCTION orders_write_history();
CREATE TRIGGER orders_history_of_change AFTER UPDATE OF status, fulfilment_started_at ON orders_order
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status
                       OR OLD.fulfilment_started_at IS DISTINCT FROM NEW.fulfilment_started_at)
    EXECUTE FUNCTION orders_write_history();
"""

SUMS = """
CREATE FUNCTION orders_check_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lines record;
BEGIN
    SELECT count(*) AS n, sum(subtotal_minor) AS subtotal, sum(discount_minor) AS discount,
           sum(tax_minor) AS tax, sum(total_minor) AS total
    INTO lines FROM orders_orderline WHERE order_id = NEW.id;
    IF lines.n = 0
       OR lines.subtotal <> NEW.subtotal_minor
       OR lines.discount <> NEW.discount_minor
       OR lines.tax + NEW.shipping_tax_minor <> NEW.tax_minor
       OR lines.total + NEW.shipping_minor
          + (CASE WHEN NEW.prices_include_tax THEN 0 ELSE NEW.shipping_tax_minor END) <> NEW.total_minor
    THEN
        RAISE EXCEPTION 'the lines of order % do not add up to its totals', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'orders_lines_add_up';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER orders_lines_add_up
    AFTER INSERT OR UPDATE OF subtotal_minor, discount_minor, shipping_minor, shipping_tax_minor,
        tax_minor, total_minor, prices_include_tax ON orders_order
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION orders_check_sums();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE orders_order_number START 100001", "DROP SEQUENCE orders_order_number"
        ),
        migrations.RunSQL(
            TRANSITIONS,
            """DROP TRIGGER orders_guard ON orders_order;
               DROP FUNCTION orders_guard_order; DROP FUNCTION orders_may_move;""",
        ),
        migrations.RunSQL(
            HISTORY,
            """DROP TRIGGER orders_history_of_change ON orders_order;
               DROP TRIGGER orders_history_of_new ON orders_order;
               DROP FUNCTION orders_write_history;""",
        ),
        append_only("orders_orderstatuschange"),
        append_only("orders_orderline"),
        migrations.RunSQL(
            SUMS,
            """DROP TRIGGER orders_lines_add_up ON orders_order;
               DROP FUNCTION orders_check_sums;""",
        ),
    ]
