"""How a movement of money is booked: two lines, debit and credit."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["asset", "liability", "income", "contra_income"]


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the ledger."""

    code: str
    kind: Kind


SALES = Account("sales_clearing", "income")
REFUNDS = Account("refunds", "contra_income")


def receivable(provider: str) -> Account:
    """What the provider owes us: taken from customers, not yet paid out to us."""
    return Account(f"psp_receivable.{provider}", "asset")


@dataclass(frozen=True, slots=True)
class Booking:
    """Debit one account and credit another with the same amount."""

    debit: Account
    credit: Account


def booking_of(operation: str, provider: str) -> Booking | None:
    """How an operation is booked; holds on a customer's account are not ours and are not booked."""
    if operation == "capture":
        return Booking(debit=receivable(provider), credit=SALES)
    if operation == "refund":
        return Booking(debit=REFUNDS, credit=receivable(provider))
    return None
