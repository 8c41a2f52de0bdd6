"""What beat does for the HTTP edge."""

from typing import Any

from ecommerce.clock import now
from ecommerce.http.idempotency_store import sweep_expired
from ecommerce.periodic import periodic


@periodic(seconds=600)
def sweep_idempotency_keys(**_: Any) -> None:
    """Forget the answers that need not be kept any longer."""
    while sweep_expired(now=now()):
        pass
