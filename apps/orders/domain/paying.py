"""Where the money of an order stands, which is another matter than where its goods are."""

from enum import StrEnum


class PaymentStatus(StrEnum):
    """What became of an order's money. The column is a function of the order's facts and needs no steps."""

    PENDING = "PENDING"
    AUTHORIZED = "AUTHORIZED"
    PAID = "PAID"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"
    VOIDED = "VOIDED"
