"""Buttons on a row's page that take it a step further."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.dataclasses import ActionDialog
from unfold.decorators import action
from unfold.enums import ActionVariant

from ecommerce.backoffice import is_id
from ecommerce.errors import ShopError


def step_button(
    text: str,
    *,
    asks: str,
    permission: str,
    variant: ActionVariant = ActionVariant.DEFAULT,
    form_class: Any = None,
) -> Callable[[Any], Any]:
    """A button that asks first: its dialog posts, so that no link from elsewhere can press it."""
    button: Callable[[Any], Any] = action(
        description=text,
        permissions=[permission],
        variant=variant,
        dialog=ActionDialog(
            title=text, description=asks, form_class=form_class, form_submit_text=text
        ),
    )
    return button


def is_among(rows: "QuerySet[Any]", object_id: str | None) -> bool:
    """Is the row whose page is asked for one of these? Of a list no row is asked for; what is no id is none."""
    return object_id is None or (is_id(object_id) and rows.filter(id=object_id).exists())


def stepped(
    model_admin: Any,
    request: HttpRequest,
    object_id: str,
    step: Callable[[], str],
) -> HttpResponse:
    """Take the step and tell what it says, or why not; then the row's page again."""
    try:
        told, level = step(), messages.SUCCESS
    except ShopError as refusal:
        told, level = refusal.detail or refusal.title, messages.ERROR
    model_admin.message_user(request, told, level)
    options = model_admin.opts
    url = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[object_id])
    return HttpResponse(headers={"HX-Redirect": url})
