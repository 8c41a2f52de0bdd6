"""What payments does by itself, again and again."""

from typing import Any

from apps.payments import services
from ecommerce.clock import now
from ecommerce.periodic import periodic


@periodic(seconds=10)
def deliver_reversals(**_: Any) -> int:
    """Give back the money of cancelled orders."""
    return services.deliver_reversals(now=now())


@periodic(seconds=30)
def resolve_attempts(**_: Any) -> int:
    """Ask after answers that were lost."""
    return services.resolve_attempts(now=now())


@periodic(seconds=30)
def apply_webhooks(**_: Any) -> int:
    """Try again what the inbox could not apply."""
    return services.apply_webhooks(now=now())


@periodic(seconds=300)
def find_orphans(**_: Any) -> int:
    """Look for money that is held for no order."""
    return services.find_orphans(now=now())
