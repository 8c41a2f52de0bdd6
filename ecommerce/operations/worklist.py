"""What waits for somebody: rooms declare it, their lists filter by it, the back office's first page counts it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count, Q, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse

from ecommerce.clock import now


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """Rows of a list that somebody should look at: ``rows`` finds them, as of a time.

    ``name`` stands in the list's address, ``hint`` tells a newcomer what it means.
    """

    group: str
    name: str
    title: str
    hint: str
    model: type[models.Model]
    rows: Callable[[datetime], Q]


_declared: list[Waiting] = []


def declare(works: Iterable[Waiting]) -> None:
    """Have these shown, in this order; their lists need ``WaitingFilter``."""
    _declared.extend(works)


def declared() -> Sequence[Waiting]:
    """All that may wait for somebody, room by room."""
    return tuple(_declared)


class WaitingFilter(admin.SimpleListFilter):
    """Only those rows of a list that wait for somebody."""

    title = "what waits"
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(one.name, one.title) for one in _declared if one.model is model_admin.model]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        chosen = (self.value(), queryset.model)
        for one in _declared:
            if (one.name, one.model) == chosen:
                return queryset.filter(one.rows(now()))
        return queryset


def start_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The back office's first page: how much waits, of what the asker may see, each a way to its list."""
    seen = [one for one in _declared if _may_see(request, one)]
    numbers = _count(seen, now())
    groups: dict[str, list[dict[str, Any]]] = {}
    for place, one in enumerate(seen):
        number = numbers.get(place, 0)
        groups.setdefault(one.group, []).append(
            {"title": one.title, "hint": one.hint, "number": number, "url": _address(one)}
        )
    return context | {"title": "What waits for somebody", "groups": groups}


def _may_see(request: HttpRequest, one: Waiting) -> bool:
    return bool(admin.site.get_model_admin(one.model).has_view_permission(request))


def _address(one: Waiting) -> str:
    page = one.model._meta.label_lower.replace(".", "_")
    return f"{reverse(f'admin:{page}_changelist')}?{WaitingFilter.parameter_name}={one.name}"


def _count(works: Sequence[Waiting], moment: datetime) -> Mapping[int, int]:
    """How many of each, by place, in one statement."""
    counts = [
        one.model._default_manager.filter(one.rows(moment))
        .order_by()
        .values(place=Value(place))
        .annotate(number=Count("*"))
        .values_list("place", "number")
        for place, one in enumerate(works)
    ]
    return dict(counts[0].union(*counts[1:], all=True)) if counts else {}
