"""The ledger in parts, one a month: its keys beside it, its numbers held to the levels' own."""

import django.db.models.functions
from django.db import migrations, models

from ecommerce import clock
from ecommerce.append_only import append_only
from ecommerce.monthly import MonthlyTable

LEDGER = MonthlyTable(name="inventory_stockmovement", column="created_at", guard_truncate=True)

# A unique key of a parted table has to hold the column that it is parted by. So a movement's number
# is unique together with its time, and the level knows the time of its last one: see GUARDS.
CREATE = """
ALTER TABLE inventory_stockmovement RENAME TO inventory_stockmovement_before;
CREATE TABLE inventory_stockmovement (
    id uuid NOT NULL,
    sku_id uuid NOT NULL,
    location_id uuid NOT NULL,
    kind varchar(20) NOT NULL,
    delta integer NOT NULL CONSTRAINT inventory_movement_moves CHECK (delta <> 0),
    on_hand_after integer NOT NULL
        CONSTRAINT inventory_movement_balance_not_negative CHECK (on_hand_after >= 0),
    version bigint NOT NULL CONSTRAINT inventory_movement_version_from_one CHECK (version >= 1),
    reason varchar(200) NOT NULL DEFAULT '',
    reference varchar(100) NOT NULL DEFAULT '',
    actor varchar(100) NOT NULL DEFAULT '',
    causation_id varchar(100) NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT statement_timestamp()
) PARTITION BY RANGE (created_at);
CREATE TABLE inventory_stockmovement_default PARTITION OF inventory_stockmovement DEFAULT;
"""

# Time runs forward within a level, or "as of" would not be what its numbers say.
MOVE = """
INSERT INTO inventory_stockmovement (id, sku_id, location_id, kind, delta, on_hand_after, version,
    reason, reference, actor, causation_id, created_at)
SELECT id, sku_id, location_id, kind, delta, on_hand_after, version, reason, reference, actor, '',
       max(created_at) OVER (PARTITION BY sku_id, location_id ORDER BY version)
FROM inventory_stockmovement_before;
INSERT INTO inventory_movementkey (key, movement_id, moved_at)
SELECT b.idempotency_key, m.id, m.created_at
FROM inventory_stockmovement_before b JOIN inventory_stockmovement m USING (id)
WHERE b.idempotency_key IS NOT NULL;
UPDATE inventory_stocklevel l SET moved_at = m.created_at FROM inventory_stockmovement m
WHERE m.sku_id = l.sku_id AND m.location_id = l.location_id AND m.version = l.version;
DROP TABLE inventory_stockmovement_before;
"""

INDEXES = """
ALTER TABLE inventory_stockmovement
    ADD CONSTRAINT inventory_stockmovement_pkey PRIMARY KEY (id, created_at),
    ADD CONSTRAINT inventory_movement_in_sequence
        UNIQUE (sku_id, location_id, created_at, version),
    ADD CONSTRAINT inventory_movement_location FOREIGN KEY (location_id)
        REFERENCES inventory_location (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX inventory_movement_by_sku
    ON inventory_stockmovement (sku_id, created_at DESC, id DESC);
CREATE INDEX inventory_movement_newest ON inventory_stockmovement (created_at DESC, id DESC);
CREATE INDEX inventory_movement_by_ref
    ON inventory_stockmovement (reference, created_at DESC, id DESC) WHERE reference <> '';
ALTER TABLE inventory_stockmovement ADD CONSTRAINT inventory_movement_goes_its_way CHECK (
    NOT (kind IN ('opening', 'receipt', 'return', 'transfer_in') AND delta < 0)
    AND NOT (kind IN ('damage', 'shipment', 'transfer_out') AND delta > 0)) NOT VALID;
"""

# An entry's number is the one that its level has just been given, and the level's number goes up by
# one at a time, with an entry for each. So numbers have neither gap nor double in any part: a
# second entry of a number would have to bear the same time, and a unique key refuses that. The level
# is written before its entry, or by the same statement. Each look-up names the time: one part is read.
GUARDS = """
CREATE FUNCTION inventory_entry_is_its_levels_last() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM inventory_stocklevel l
        WHERE l.sku_id = NEW.sku_id AND l.location_id = NEW.location_id
          AND l.version = NEW.version AND l.moved_at = NEW.created_at
          AND l.on_hand = NEW.on_hand_after
    ) THEN
        RAISE EXCEPTION 'a ledger entry of % that its level does not follow', NEW.sku_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER inventory_entry_is_its_levels_last AFTER INSERT ON inventory_stockmovement
    FOR EACH ROW EXECUTE FUNCTION inventory_entry_is_its_levels_last();

CREATE OR REPLACE FUNCTION inventory_level_follows_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    had integer := 0;
    last bigint := 0;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        had := OLD.on_hand;
        last := OLD.version;
    END IF;
    IF NEW.version <> last + 1 OR NOT EXISTS (
        SELECT FROM inventory_stockmovement m
        WHERE m.sku_id = NEW.sku_id AND m.location_id = NEW.location_id
          AND m.created_at = NEW.moved_at AND m.version = NEW.version
          AND m.on_hand_after = NEW.on_hand AND m.delta = NEW.on_hand - had
    ) THEN
        RAISE EXCEPTION 'on_hand of % changed without a ledger entry', NEW.sku_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER inventory_level_follows_ledger ON inventory_stocklevel;
CREATE CONSTRAINT TRIGGER inventory_level_follows_ledger
    AFTER UPDATE ON inventory_stocklevel DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN ((OLD.on_hand, OLD.version, OLD.moved_at)
        IS DISTINCT FROM (NEW.on_hand, NEW.version, NEW.moved_at))
    EXECUTE FUNCTION inventory_level_follows_ledger();
"""
GUARDS_OFF = """
CREATE OR REPLACE FUNCTION inventory_level_follows_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
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
DROP TRIGGER inventory_level_follows_ledger ON inventory_stocklevel;
CREATE CONSTRAINT TRIGGER inventory_level_follows_ledger
    AFTER UPDATE ON inventory_stocklevel DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.on_hand IS DISTINCT FROM NEW.on_hand
        OR OLD.version IS DISTINCT FROM NEW.version)
    EXECUTE FUNCTION inventory_level_follows_ledger();
DROP TRIGGER inventory_entry_is_its_levels_last ON inventory_stockmovement;
DROP FUNCTION inventory_entry_is_its_levels_last();
"""

REJOIN = """
ALTER TABLE inventory_stockmovement RENAME TO inventory_stockmovement_parted;
CREATE TABLE inventory_stockmovement (LIKE inventory_stockmovement_parted
    INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
ALTER TABLE inventory_stockmovement DROP COLUMN causation_id,
    ADD COLUMN idempotency_key varchar(200) UNIQUE;
INSERT INTO inventory_stockmovement (id, sku_id, location_id, kind, delta, on_hand_after, version,
    reason, reference, actor, created_at, idempotency_key)
SELECT m.id, m.sku_id, m.location_id, m.kind, m.delta, m.on_hand_after, m.version, m.reason,
       m.reference, m.actor, m.created_at, k.key
FROM inventory_stockmovement_parted m
LEFT JOIN inventory_movementkey k ON k.movement_id = m.id;
DROP TABLE inventory_stockmovement_parted;
ALTER TABLE inventory_stockmovement ADD PRIMARY KEY (id),
    ADD CONSTRAINT inventory_movement_in_sequence UNIQUE (sku_id, location_id, version),
    ADD FOREIGN KEY (location_id) REFERENCES inventory_location (id)
        DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX inventory_movement_by_sku
    ON inventory_stockmovement (sku_id, created_at DESC, id DESC);
CREATE INDEX inventory_movement_newest ON inventory_stockmovement (created_at DESC, id DESC);
CREATE TRIGGER inventory_stockmovement_append_only BEFORE UPDATE OR DELETE
    ON inventory_stockmovement FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER inventory_stockmovement_no_truncate BEFORE TRUNCATE
    ON inventory_stockmovement FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
"""


def make_months(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT min(created_at), now() FROM inventory_stockmovement_before")
        first, now = cursor.fetchone()
    if first is not None:
        LEDGER.ensure_between(first, now)
    LEDGER.ensure(now=clock.now())


class Migration(migrations.Migration):
    dependencies = [("inventory", "0004_movements_go_their_way")]

    operations = [
        migrations.CreateModel(
            name="MovementKey",
            fields=[
                (
                    "key",
                    models.CharField(max_length=200, primary_key=True, serialize=False),
                ),
                ("movement_id", models.UUIDField()),
                ("moved_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField("stocklevel", "moved_at", models.DateTimeField(null=True)),
        migrations.RunSQL(CREATE, REJOIN),
        migrations.RunPython(make_months, migrations.RunPython.noop),
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(INDEXES, migrations.RunSQL.noop)],
            state_operations=[
                migrations.RemoveField("stockmovement", "idempotency_key"),
                migrations.AddField(
                    "stockmovement",
                    "causation_id",
                    models.CharField(blank=True, default="", max_length=100),
                ),
                migrations.AlterField(
                    "stockmovement",
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.Now()),
                ),
                migrations.RemoveConstraint("stockmovement", "inventory_movement_in_sequence"),
                migrations.AddConstraint(
                    "stockmovement",
                    models.UniqueConstraint(
                        fields=("sku_id", "location", "created_at", "version"),
                        name="inventory_movement_in_sequence",
                    ),
                ),
                migrations.AddIndex(
                    "stockmovement",
                    models.Index(
                        fields=["reference", "-created_at", "-id"],
                        name="inventory_movement_by_ref",
                        condition=~models.Q(reference=""),
                    ),
                ),
            ],
        ),
        migrations.RunSQL(GUARDS, GUARDS_OFF),
        append_only("inventory_stockmovement"),
        migrations.RunSQL(
            "CREATE TRIGGER inventory_stockmovement_default_no_truncate"
            " BEFORE TRUNCATE ON inventory_stockmovement_default"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()",
            migrations.RunSQL.noop,
        ),
    ]
