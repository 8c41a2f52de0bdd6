"""The cart in the checkout saga: completed with the order, opened again where the order came to nothing."""

from uuid import UUID

from django.db import transaction

from apps.cart.domain.merge import SUM
from apps.cart.errors import CartNotFound
from apps.cart.queries import reading, writing
from apps.cart.services._facts import updated
from apps.cart.services._pouring import pour
from apps.cart.services._reading import refusal_of
from ecommerce.events import publish
from ecommerce.transactions import joining


@joining
def complete_cart(*, cart_id: UUID, version: int, order_id: UUID) -> None:
    """The cart became this order, if it is still at that version. Repeating it changes nothing.

    Two statements. Raises CartChanged, CartClosed (another order was faster), CartNotFound.
    """
    done = writing.complete(cart_id, version=version, order_id=order_id)
    if done is not None:
        publish(updated(done))
        return
    cart = reading.cart_by_id(cart_id)
    if cart is None:
        raise CartNotFound
    if cart.order_id != order_id:
        raise refusal_of(cart, expected=version)


@transaction.atomic(savepoint=False)
def reopen_cart(*, cart_id: UUID, order_id: UUID) -> None:
    """The order came to nothing: its cart is there again. Repeating it changes nothing.

    Where the shopper fills another cart by now, the lines go there.
    """
    opened = writing.reopen(cart_id, order_id=order_id)
    if opened is not None:
        publish(updated(opened))
        return
    cart = reading.cart_by_id(cart_id)
    if cart is None or cart.order_id != order_id:
        return
    newer = reading.open_cart_of(
        customer_id=cart.customer_id,
        guest_token_hash=cart.guest_token_hash or "",
        channel=cart.channel,
    )
    if newer is not None:
        pour(cart.id, into=newer.id, strategy=SUM, standing="completed")
