"""Buying what was priced."""

from datetime import datetime
from typing import NoReturn

import structlog
from django.db import DatabaseError, InterfaceError

from apps.checkout import queries
from apps.checkout.domain.saga import SagaState
from apps.checkout.errors import (
    CheckoutClosed,
    CheckoutExpired,
    CheckoutInFlight,
    CheckoutNotFound,
    PaymentDeclined,
    PurchaseFailed,
)
from apps.checkout.queries import CheckoutRecord, LeaseLost, SagaRecord
from apps.checkout.services._drive import drive, note_failure
from apps.checkout.services._place import place
from apps.checkout.services._shape import checkout_of
from apps.checkout.types import Confirmation, ConfirmCheckout
from apps.payments import services as payments
from apps.payments.services import Intent
from ecommerce.connections import is_lost, renew
from ecommerce.errors import StaleVersion
from ecommerce.identity import Viewer

logger = structlog.get_logger(__name__)


def confirm_checkout(command: ConfirmCheckout, *, now: datetime) -> Confirmation:
    """Place the order, have it authorized and take the money: one order and one charge, whoever repeats it.

    ``completed`` when the order is paid; ``pending`` when the gateway has not answered within the
    buyer's patience: a worker goes on and the checkout tells the end. Raises PaymentDeclined (the
    checkout is open again for another card), PurchaseFailed, CheckoutInFlight while another call is
    at it, CheckoutExpired, CheckoutClosed, StaleVersion, payments' CardNumberSent, and what placing
    refuses: OutOfStock, CartChanged, CouponRefused. A refusal leaves nothing reserved, held or charged.
    """
    payments.refuse_card_number(command.payment_method or "")
    placed = place(command, now=now)
    if placed is None:
        return _without_place(command, now)
    saga = _carry_on(*placed, now)
    if saga.state == SagaState.COMPLETED:
        return Confirmation(outcome="completed", checkout=checkout_of(saga.checkout))
    if saga.state == SagaState.COMPENSATED:
        _refuse(saga)
    return Confirmation(outcome="pending", checkout=checkout_of(saga.checkout))


def may_see(checkout: CheckoutRecord, viewer: Viewer) -> bool:
    """Is the checkout theirs, or are they the back office?"""
    return viewer.is_staff or viewer.owns(
        user_id=checkout.customer_id, guest_token_hash=checkout.guest_token_hash
    )


def _carry_on(saga: SagaRecord, intent: Intent | None, now: datetime) -> SagaRecord:
    """The order stands on record: whatever breaks from here on, the buyer is told "pending", not "no"."""
    try:
        return drive(saga, intent, now=now, hurried=True)
    except LeaseLost:
        return queries.read_saga(saga.id) or saga
    except Exception as error:
        logger.exception("checkout_step_broke", saga_id=str(saga.id))
        if is_lost(error):
            renew()
        return _leave_to_worker(saga, error)


def _leave_to_worker(saga: SagaRecord, error: Exception) -> SagaRecord:
    try:
        latest = queries.read_saga(saga.id) or saga
        if latest.lease_owner is None:
            return latest
        return note_failure(latest, error)
    except (DatabaseError, InterfaceError, LeaseLost):
        return saga


def _without_place(command: ConfirmCheckout, now: datetime) -> Confirmation:
    checkout = queries.read_checkout(command.checkout_id)
    if checkout is None or not may_see(checkout, command.viewer):
        raise CheckoutNotFound
    if checkout.status == "COMPLETED":
        return Confirmation(outcome="completed", checkout=checkout_of(checkout))
    raise _why_not(checkout, command, now)


def _why_not(checkout: CheckoutRecord, command: ConfirmCheckout, now: datetime) -> Exception:
    if checkout.status == "PROCESSING":
        return CheckoutInFlight(retry_after_seconds=1, checkout_id=str(checkout.id))
    if checkout.status == "FAILED":
        return CheckoutClosed(reason=checkout.failure_code)
    if checkout.status == "EXPIRED" or checkout.expires_at <= now:
        return CheckoutExpired()
    if command.version is not None and command.version != checkout.version:
        return StaleVersion(current_version=checkout.version)
    if command.viewer.is_staff:
        return CheckoutNotFound("Only the buyer confirms a purchase.")
    return CheckoutInFlight(retry_after_seconds=1, checkout_id=str(checkout.id))


def _refuse(saga: SagaRecord) -> NoReturn:
    checkout_id = str(saga.checkout.id)
    if saga.failure.get("code") == "declined":
        raise PaymentDeclined(
            "Try another card.",
            decline_code=saga.failure.get("decline_code", ""),
            checkout_id=checkout_id,
            checkout_status=saga.checkout.status,
        )
    raise PurchaseFailed(
        "Nothing was charged that is not given back.",
        reason=saga.failure.get("code", ""),
        checkout_id=checkout_id,
    )
