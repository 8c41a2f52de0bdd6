"""The books hold by themselves: append-only, balanced at commit, and payments that only move forward."""

from django.db import migrations

from ecommerce.append_only import append_only

BALANCED = """
CREATE FUNCTION payments_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry uuid := CASE TG_TABLE_NAME WHEN 'payments_journalline' THEN to_jsonb(NEW)->>'entry_id'
                                     ELSE to_jsonb(NEW)->>'id' END;
BEGIN
    IF NOT EXISTS (SELECT FROM payments_journalline WHERE entry_id = entry) OR EXISTS (
        SELECT FROM payments_journalline WHERE entry_id = entry
        GROUP BY currency HAVING sum(debit) <> sum(credit)
    ) THEN
        RAISE EXCEPTION 'journal entry % does not balance', entry
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_line_balances AFTER INSERT ON payments_journalline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_entry_balances();
CREATE CONSTRAINT TRIGGER payments_entry_balances AFTER INSERT ON payments_journalentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_entry_balances();
"""

FORWARD = """
CREATE FUNCTION payments_only_move_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.authorized < OLD.authorized OR NEW.captured < OLD.captured OR NEW.refunded < OLD.refunded
       OR (OLD.voided AND NOT NEW.voided) OR (OLD.declined AND NOT NEW.declined) THEN
        RAISE EXCEPTION 'payment % cannot go back', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_only_move_forward BEFORE UPDATE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payments_only_move_forward();
CREATE FUNCTION payments_settled_is_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'attempt % is settled', OLD.id USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER payments_settled_is_settled BEFORE UPDATE ON payments_attempt FOR EACH ROW
    WHEN (OLD.status IN ('declined', 'succeeded') AND NEW.status IS DISTINCT FROM OLD.status)
    EXECUTE FUNCTION payments_settled_is_settled();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [
        append_only("payments_journalentry"),
        append_only("payments_journalline"),
        migrations.RunSQL(
            BALANCED,
            "DROP TRIGGER payments_entry_balances ON payments_journalentry;"
            "DROP TRIGGER payments_line_balances ON payments_journalline;"
            "DROP FUNCTION payments_entry_balances();",
        ),
        migrations.RunSQL(
            FORWARD,
            "DROP TRIGGER payments_settled_is_settled ON payments_attempt;"
            "DROP FUNCTION payments_settled_is_settled();"
            "DROP TRIGGER payments_only_move_forward ON payments_payment;"
            "DROP FUNCTION payments_only_move_forward();",
        ),
    ]
