"""Tables that are only added to: the database itself refuses UPDATE, DELETE and TRUNCATE."""

from django.db import migrations

# One function for all tables; whichever migration comes first makes it.
_REFUSE = """
CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% refused: % is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only',
              HINT = 'Write another row that corrects this one.';
END $$;
"""


def append_only(table: str) -> migrations.RunSQL:
    """The operation that seals a table against rewriting. An attempt raises IntegrityError."""
    return migrations.RunSQL(
        f"""{_REFUSE}
        CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();""",
        f"""DROP TRIGGER {table}_no_truncate ON {table};
        DROP TRIGGER {table}_append_only ON {table};""",
    )
