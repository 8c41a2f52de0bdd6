"""What the gateway has not answered yet, and the money that is owed to customers meanwhile."""

from datetime import datetime, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest, Least, Power

from apps.payments.domain.retrying import LOUD_TRIES, MAX_WAIT_SECONDS
from apps.payments.models import Attempt, Reversal

GIVING_BACK = ("refund", "void")
GIVE_UP = timedelta(days=3)
_OPEN = ("started", "unknown")


def unanswered() -> QuerySet[Attempt]:
    """Attempts that were asked of the gateway, or are to be, and are not settled."""
    asked = Q(tries__gt=0) | Q(operation="refund")
    return Attempt.objects.select_related("payment").filter(asked, status__in=_OPEN)


def due(*, now: datetime, older_than_seconds: int) -> QuerySet[Attempt]:
    """Those to ask about now, the longest waiting first. The pauses grow, so that none keeps others from it.

    What gives money back is never given up; whether money was taken, its buyer's saga knows sooner.
    """
    wait = Greatest(
        Value(float(older_than_seconds)),
        Least(Value(float(MAX_WAIT_SECONDS)), Power(Value(2.0), Least(F("tries"), Value(20)))),
    )
    since = Coalesce("asked_at", "created_at")
    pause = ExpressionWrapper(wait * Value(timedelta(seconds=1)), output_field=DurationField())
    return (
        unanswered()
        .filter(Q(operation__in=GIVING_BACK) | Q(created_at__gt=now - GIVE_UP))
        .annotate(due_at=since + pause)
        .filter(due_at__lt=now)
        .order_by("due_at")
    )


def reversals_due(now: datetime) -> QuerySet[Reversal]:
    """Money to give back now, the longest due first."""
    return (
        Reversal.objects.exclude(state="done").filter(next_try_at__lte=now).order_by("next_try_at")
    )


def owed() -> dict[tuple[str, ...], float]:
    """How many reversals, refunds and voids are not through, by kind and by whether a person should look."""
    reversals = Reversal.objects.exclude(state="done").values_list("state").annotate(n=Count("id"))
    attempts = (
        unanswered()
        .filter(operation__in=GIVING_BACK)
        .values_list("operation")
        .annotate(n=Count("id"), stuck=Count("id", filter=Q(tries__gte=LOUD_TRIES)))
    )
    found: dict[tuple[str, ...], float] = {("reversal", "pending"): 0.0, ("reversal", "stuck"): 0.0}
    for kind in GIVING_BACK:
        found[(kind, "pending")] = found[(kind, "stuck")] = 0.0
    found |= {("reversal", state): float(n) for state, n in reversals}
    for operation, n, stuck in attempts:
        found |= {(operation, "pending"): float(n - stuck), (operation, "stuck"): float(stuck)}
    return found
