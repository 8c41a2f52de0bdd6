"""The second half of the demo order: the operator picks, packs and ships it."""

from typing import Any

from launcher.api import Caller


def send_parcel(shopper: Caller, operator: Caller, order: Any) -> None:
    """Send the order's parcel."""
