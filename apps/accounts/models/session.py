"""Signed-in sessions: what makes a stateless token revocable."""

from django.db import models
from django.db.models import F, Q

from apps.accounts.models.user import User
from ecommerce.clock import now
from ecommerce.ids import new_id


class Session(models.Model):
    """One sign-in on one device. ``refresh_id`` is the only refresh token that is still good."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    refresh_id = models.UUIDField(default=new_id, editable=False)
    device = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    last_used_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_session_ends_after_start",
                condition=Q(expires_at__gt=F("created_at")),
            ),
            models.CheckConstraint(
                name="accounts_session_revoked_with_reason",
                condition=Q(revoked_at__isnull=True, revoked_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="accounts_session_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.device or 'Session'} of {self.user_id}"
