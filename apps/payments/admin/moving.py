"""Asking once more before money is moved: which payments, and how much of each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest
from django.template.response import TemplateResponse

from apps.payments.models import Payment
from ecommerce.errors import ShopError
from ecommerce.money import Money

MOST = 100
"""So many payments can be read through before one presses the button."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A payment, and how much the button would move of it."""

    payment: Payment
    amount: Money


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What the page asks, and how much of a payment it is about."""

    action: str
    asks: str
    button: str
    amount: Callable[[Payment], Money]


def confirm_then(
    site: admin.AdminSite,
    request: HttpRequest,
    rows: Any,
    question: Question,
    act: Callable[[UUID, Money], str],
) -> TemplateResponse | None:
    """The page that asks; once it was answered, do it to each payment whose amount is still what it showed."""
    if rows.count() > MOST:
        messages.error(request, f"Choose {MOST} payments at most.")
        return None
    moves = [Move(payment=row, amount=question.amount(row)) for row in rows.order_by("created_at")]
    shown = set(request.POST.getlist("shown"))
    if not shown:
        return _page(site, request, moves, question)
    for move in moves:
        _move(request, move, shown, act)
    return None


def _move(
    request: HttpRequest, move: Move, shown: set[str], act: Callable[[UUID, Money], str]
) -> None:
    payment_id = move.payment.id
    if f"{payment_id}:{move.amount.amount}" not in shown:
        messages.warning(request, f"{payment_id}: it has changed meanwhile, nothing was moved")
        return
    try:
        messages.success(request, f"{payment_id}: {act(payment_id, move.amount)}")
    except ShopError as refusal:
        messages.error(request, f"{payment_id}: {refusal.detail}")


def _page(
    site: admin.AdminSite, request: HttpRequest, moves: Iterable[Move], question: Question
) -> TemplateResponse:
    moves = list(moves)
    context = {
        **site.each_context(request),
        "title": question.asks,
        "question": question.asks,
        "button": question.button,
        "action": question.action,
        "checkbox": ACTION_CHECKBOX_NAME,
        "moves": moves,
        "possible": any(move.amount.amount for move in moves),
    }
    return TemplateResponse(request, "payments/confirm_move.html", context)
