"""How a movement of money is booked: two lines, debit and credit."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["asset", "liability", "income", "contra_income"]


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the ledger. In its code, ``%s`` stands for the payment's provider."""

    code: str
    kind: Kind


SALES = Account("sales_clearing", "income")
REFUNDS = Account("refunds", "contra_income")
RECEIVABLE = Account("psp_receivable.%s", "asset")
"""What the provider owes us: taken from customers, not yet paid out to us."""


@dataclass(frozen=True, slots=True)
class Booking:
    """Debit one account and credit another with the same amount."""

    debit: Account
    credit: Account


def booking_of(operation: str) -> Booking | None:
    """How an operation is booked; holds on a customer's account are not ours and are not booked."""
    if operation == "capture":
        return Booking(debit=RECEIVABLE, credit=SALES)
    if operation == "refund":
        return Booking(debit=REFUNDS, credit=RECEIVABLE)
    return None
