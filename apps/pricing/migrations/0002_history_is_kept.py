"""History is not rewritten: prices end and are replaced, quotes stay as they were given."""

from django.db import migrations

from ecommerce.append_only import append_only

_FORWARD = """
CREATE FUNCTION pricing_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: history is kept', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER pricing_price_stays BEFORE DELETE ON pricing_price
    FOR EACH ROW EXECUTE FUNCTION pricing_refuse_rewriting();
CREATE TRIGGER pricing_price_amount_stays BEFORE UPDATE ON pricing_price
    FOR EACH ROW WHEN (
        (OLD.price_list_id, OLD.sku_id, OLD.min_quantity, OLD.amount_minor, OLD.compare_at_minor, lower(OLD.valid_during))
        IS DISTINCT FROM
        (NEW.price_list_id, NEW.sku_id, NEW.min_quantity, NEW.amount_minor, NEW.compare_at_minor, lower(NEW.valid_during))
    ) EXECUTE FUNCTION pricing_refuse_rewriting();
"""
_BACKWARD = """
DROP TRIGGER pricing_price_amount_stays ON pricing_price;
DROP TRIGGER pricing_price_stays ON pricing_price;
DROP FUNCTION pricing_refuse_rewriting();
"""


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial")]
    operations = [migrations.RunSQL(_FORWARD, _BACKWARD), append_only("pricing_quote")]
