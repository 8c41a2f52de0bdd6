"""How attempts are named: the same thing asked twice has the same id, so it happens once."""

from uuid import UUID, uuid5

# Each operation that a payment has once is named after the payment. The authorization bears the
# payment's own id, and so the gateway can always be asked for it.


def capture_id(payment_id: UUID) -> UUID:
    """The id of the capture of all that a payment has authorized."""
    return uuid5(payment_id, "capture")


def void_id(payment_id: UUID) -> UUID:
    """The id of a payment's void."""
    return uuid5(payment_id, "void")


def reversal_id(payment_id: UUID, settled: int) -> UUID:
    """The id of the refund that gives back all that is left, after so many refunds were settled."""
    return uuid5(payment_id, f"reversal:{settled}")


def foreign_id(payment_id: UUID, gateway_reference: str) -> UUID:
    """The id under which we keep what someone did at the gateway without us."""
    return uuid5(payment_id, gateway_reference)
