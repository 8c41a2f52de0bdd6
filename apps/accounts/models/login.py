"""Failed sign-ins per account: the lock that holds while Valkey is down."""

from django.db import models


class LoginGuard(models.Model):
    """Failures in a row for one e-mail, known or not: the key is an HMAC, so it tells nobody's address."""

    account = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_attempt_at = models.DateTimeField()
    blocked_until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["last_attempt_at"], name="accounts_loginguard_age")]

    def __str__(self) -> str:
        return f"{self.failures} failures"
