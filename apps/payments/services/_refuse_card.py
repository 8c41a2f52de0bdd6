"""Keeping card numbers out of the house."""

from apps.payments.domain.tokens import holds_card_number
from apps.payments.errors import CardNumberSent


def refuse_card_number(method: str) -> None:
    """Raise CardNumberSent where a payment method holds a card number instead of the gateway's token.

    Called before anything is written down. The refusal does not repeat what was sent: whoever may not
    store card numbers may not log them either (PCI DSS 3.4).
    """
    if holds_card_number(method):
        raise CardNumberSent(
            "It holds a card number. Have the payment provider's form turn the card into a token and"
            " send that token; nothing of this request was kept."
        )
