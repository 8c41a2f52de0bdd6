"""The database checks that every category's paths follow from its parent: no cycle can commit."""

from django.db import migrations

FORWARD = """
ALTER TABLE catalog_category ADD CONSTRAINT catalog_category_depth
    CHECK (nlevel(tree_path) <= 32 AND octet_length(path) <= 2000);

CREATE FUNCTION catalog_category_label(id uuid) RETURNS text
    LANGUAGE sql IMMUTABLE RETURN replace(id::text, '-', '');

CREATE FUNCTION catalog_category_check_tree() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    this catalog_category;
    above catalog_category;
    follows boolean;
BEGIN
    SELECT * INTO this FROM catalog_category WHERE id = NEW.id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF this.parent_id IS NULL THEN
        follows := this.tree_path = catalog_category_label(this.id)::ltree AND this.path = this.slug;
    ELSE
        SELECT * INTO above FROM catalog_category WHERE id = this.parent_id;
        follows := this.tree_path = above.tree_path || catalog_category_label(this.id)
            AND this.path = above.path || '/' || this.slug
            AND this.merchant = above.merchant;
    END IF;
    IF NOT follows OR EXISTS (
        SELECT 1 FROM catalog_category below
        WHERE below.parent_id = this.id
          AND (below.tree_path <> this.tree_path || catalog_category_label(below.id)
               OR below.path <> this.path || '/' || below.slug)
    ) THEN
        RAISE EXCEPTION 'category % does not follow from its parent', this.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'catalog_category_is_a_tree';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER catalog_category_is_a_tree
    AFTER INSERT OR UPDATE OF parent_id, slug, path, tree_path, merchant ON catalog_category
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION catalog_category_check_tree();
"""
BACKWARD = """
ALTER TABLE catalog_category DROP CONSTRAINT catalog_category_depth;
DROP TRIGGER catalog_category_is_a_tree ON catalog_category;
DROP FUNCTION catalog_category_check_tree();
DROP FUNCTION catalog_category_label(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
