"""Versions and publications are only ever added: the database refuses to change or delete one."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION pim_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER pim_contentversion_append_only BEFORE UPDATE OR DELETE ON pim_contentversion
    FOR EACH STATEMENT EXECUTE FUNCTION pim_refuse_change();
CREATE TRIGGER pim_publication_append_only BEFORE UPDATE OR DELETE ON pim_publication
    FOR EACH STATEMENT EXECUTE FUNCTION pim_refuse_change();
"""
BACKWARD = """
DROP TRIGGER pim_publication_append_only ON pim_publication;
DROP TRIGGER pim_contentversion_append_only ON pim_contentversion;
DROP FUNCTION pim_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("pim", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
