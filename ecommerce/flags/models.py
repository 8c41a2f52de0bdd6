"""Feature flags: switches with rules."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from ecommerce.clock import now

KEY = RegexValidator(r"\A[a-z0-9_]+(\.[a-z0-9_]+)*\Z", "Words in small letters, joined by dots.")


class Flag(models.Model):
    """On for whom the rules let through; empty rules let everybody through."""

    key = models.CharField(max_length=100, primary_key=True, validators=[KEY])
    description = models.CharField(max_length=500, blank=True)
    enabled = models.BooleanField(default=False)
    percentage = models.PositiveSmallIntegerField(default=100)
    roles = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    channels = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="flags_flag_percentage", condition=Q(percentage__range=(0, 100))
            )
        ]

    def __str__(self) -> str:
        return self.key
