"""How much was taken and given back, the payment status that follows from it, and refunds in the history."""

from django.db import migrations, models
from django.db.models import Case, F, Q, Value, When

PAYMENT_STATUS = Case(
    When(refunded_minor__gt=0, refunded_minor__gte=F("paid_minor"), then=Value("REFUNDED")),
    When(refunded_minor__gt=0, then=Value("PARTIALLY_REFUNDED")),
    When(
        Q(paid_minor__gt=0) | Q(status__in=["PAID", "FULFILLED", "COMPLETED"]), then=Value("PAID")
    ),
    When(status="CANCELED", then=Value("VOIDED")),
    When(status="CONFIRMED", then=Value("AUTHORIZED")),
    default=Value("PENDING"),
)
KNOWN = ("PENDING", "AUTHORIZED", "PAID", "PARTIALLY_REFUNDED", "REFUNDED", "VOIDED")

HISTORY = """
CREATE FUNCTION orders_write_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO orders_orderstatuschange
        (order_id, previous_status, status, reason, actor, version, occurred_at)
    VALUES (NEW.id, OLD.status, NEW.status,
            CASE NEW.payment_status WHEN 'REFUNDED' THEN 'refunded' ELSE 'refunded in part' END,
            'system', NEW.version, NEW.updated_at);
    RETURN NULL;
END $$;

CREATE TRIGGER orders_history_of_refunds AFTER UPDATE OF refunded_minor ON orders_order
    FOR EACH ROW WHEN (OLD.refunded_minor IS DISTINCT FROM NEW.refunded_minor)
    EXECUTE FUNCTION orders_write_refund();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_history_and_guards")]

    operations = [
        migrations.AddField("order", "paid_minor", models.BigIntegerField(db_default=0, default=0)),
        migrations.AddField(
            "order", "refunded_minor", models.BigIntegerField(db_default=0, default=0)
        ),
        migrations.AddConstraint(
            "order",
            models.CheckConstraint(
                condition=Q(paid_minor__gte=0, refunded_minor__gte=0),
                name="orders_money_not_negative",
            ),
        ),
        migrations.AddField(
            "order",
            "payment_status",
            models.GeneratedField(
                expression=PAYMENT_STATUS,
                output_field=models.CharField(
                    max_length=20, choices=[(known, known) for known in KNOWN]
                ),
                db_persist=True,
            ),
        ),
        migrations.RunSQL(
            HISTORY,
            """DROP TRIGGER orders_history_of_refunds ON orders_order;
               DROP FUNCTION orders_write_refund;""",
        ),
    ]
