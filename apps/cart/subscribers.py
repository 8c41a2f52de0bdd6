"""What the cart does when accounts tells something."""

from collections.abc import Sequence

from apps.accounts.events import GuestSignedIn
from apps.cart import services
from ecommerce.events import Envelope, consumer


@consumer("cart.guests_who_sign_in", GuestSignedIn)
def merge_guests_carts(events: Sequence[Envelope]) -> None:
    """The guest's cart goes into the customer's: signing in is asking for that."""
    for event in events:
        signed_in = event.read(GuestSignedIn)
        services.merge_guests_carts(
            user_id=signed_in.user_id,
            guest_token_hash=signed_in.guest_token_hash,
            now=event.occurred_at,
        )
