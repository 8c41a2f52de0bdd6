"""What went back by refunds, of each day and of each order."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("analytics", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="GivenBack",
            fields=[
                ("order_id", models.UUIDField(primary_key=True, serialize=False)),
                ("refunded_minor", models.BigIntegerField()),
                ("counted_minor", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(refunded_minor__gte=0, counted_minor__gte=0),
                        name="analytics_given_back_not_negative",
                    )
                ]
            },
        ),
        migrations.AddField(
            "dailyrevenue", "refunded_minor", models.BigIntegerField(db_default=0, default=0)
        ),
        migrations.RemoveConstraint("dailyrevenue", "analytics_revenue_not_negative"),
        migrations.AddConstraint(
            "dailyrevenue",
            models.CheckConstraint(
                condition=Q(gross_minor__gte=0, canceled_minor__gte=0, refunded_minor__gte=0),
                name="analytics_revenue_not_negative",
            ),
        ),
    ]
