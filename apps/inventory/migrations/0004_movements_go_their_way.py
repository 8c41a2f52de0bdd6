"""A receipt adds units and a shipment takes some away: held by the database itself."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_default_location")]
    # Asked of new entries only: what an old one says wrongly stays written, the ledger being append-only.
    operations = [
        AddConstraintNotValid(
            model_name="stockmovement",
            constraint=models.CheckConstraint(
                condition=~Q(kind__in=["opening", "receipt", "return", "transfer_in"], delta__lt=0)
                & ~Q(kind__in=["damage", "shipment", "transfer_out"], delta__gt=0),
                name="inventory_movement_goes_its_way",
            ),
        )
    ]
