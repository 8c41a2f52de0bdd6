"""Have the database refuse every change of what was written, and queue new entries for sealing."""

from django.db import migrations

from ecommerce.append_only import append_only

FORWARD = """
-- The time of an entry is the database's, whatever the writer says.
CREATE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.occurred_at := clock_timestamp();
    RETURN NEW;
END $$;

CREATE FUNCTION audit_queue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_pending (entry_id) VALUES (NEW.id);
    RETURN NULL;
END $$;

CREATE TRIGGER audit_entry_stamp BEFORE INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_stamp();
CREATE TRIGGER audit_entry_queue AFTER INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_queue();
"""
BACKWARD = """
DROP TRIGGER audit_entry_stamp ON audit_entry;
DROP TRIGGER audit_entry_queue ON audit_entry;
DROP FUNCTION audit_stamp();
DROP FUNCTION audit_queue();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        append_only("audit_entry"),
        append_only("audit_seal"),
    ]
