"""The lock of an account against guessing. It lives in PostgreSQL: Valkey down opens no door."""

from datetime import datetime, timedelta
from math import ceil

from django.db import connection, transaction

from apps.accounts.errors import TooManyAttempts
from apps.accounts.models import LoginGuard
from apps.accounts.services._keys import account_key

FREE_ATTEMPTS = 5
MAX_DELAY_SECONDS = 300
FORGET_AFTER = timedelta(hours=1)

# Counted before the password is looked at, in one statement, so that guesses sent at once cannot
# overtake their own count. It changes nothing while the account is locked.
_TAKE = f"""
INSERT INTO accounts_loginguard AS guard (account, failures, last_attempt_at, blocked_until)
VALUES (%(account)s, 1, %(now)s, %(now)s)
ON CONFLICT (account) DO UPDATE SET
    failures = CASE WHEN guard.last_attempt_at < %(old)s THEN 1 ELSE guard.failures + 1 END,
    last_attempt_at = %(now)s,
    blocked_until = %(now)s + make_interval(secs => CASE
        WHEN guard.last_attempt_at < %(old)s OR guard.failures + 1 < {FREE_ATTEMPTS} THEN 0
        ELSE least({MAX_DELAY_SECONDS}, power(2, least(guard.failures + 1 - {FREE_ATTEMPTS}, 20)))
    END)
WHERE guard.blocked_until <= %(now)s
RETURNING failures
"""  # noqa: S608  # the constants above, nothing from outside


def take_attempt(email: str, *, now: datetime) -> None:
    """Count one attempt; raises TooManyAttempts with the seconds to wait.

    Five in a row are free. Each one more doubles the wait: 1, 2, 4 … 300 seconds. Accounts that do
    not exist are locked alike, so the lock tells nothing. Never within a transaction that the
    refusal would roll back.
    """
    account = account_key(email)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_TAKE, {"account": account, "now": now, "old": now - FORGET_AFTER})
        taken = cursor.fetchone() is not None
    if not taken:
        raise TooManyAttempts(retry_after_seconds=_wait_seconds(account, now))


def forgive(email: str) -> None:
    """The right password: start counting anew."""
    LoginGuard.objects.filter(account=account_key(email)).delete()


def _wait_seconds(account: str, now: datetime) -> int:
    until = LoginGuard.objects.values_list("blocked_until", flat=True).filter(account=account)
    blocked_until = until.first() or now
    return max(1, ceil((blocked_until - now).total_seconds()))
