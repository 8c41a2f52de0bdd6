"""Reads and writes of checkouts and sagas, one statement each."""

from apps.checkout.queries.records import CheckoutRecord, LineRecord, ReasonRecord, SagaRecord
from apps.checkout.queries.statements import (
    LeaseLost,
    begin,
    check_in,
    claim,
    claim_due,
    expire_open,
    json_of,
    open_sagas_by_state,
    read_checkout,
    read_saga,
    redirect,
    sagas,
)

__all__ = [
    "CheckoutRecord",
    "LeaseLost",
    "LineRecord",
    "ReasonRecord",
    "SagaRecord",
    "begin",
    "check_in",
    "claim",
    "claim_due",
    "expire_open",
    "json_of",
    "open_sagas_by_state",
    "read_checkout",
    "read_saga",
    "redirect",
    "sagas",
]
