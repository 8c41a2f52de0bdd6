"""What the checkout room does."""

from apps.checkout.services._confirm import confirm_checkout
from apps.checkout.services._operate import (
    compensate_saga,
    expire_checkouts,
    get_checkout,
    get_saga,
    resume_sagas,
    retry_saga,
)
from apps.checkout.services._start import start_checkout

__all__ = [
    "compensate_saga",
    "confirm_checkout",
    "expire_checkouts",
    "get_checkout",
    "get_saga",
    "resume_sagas",
    "retry_saga",
    "start_checkout",
]
