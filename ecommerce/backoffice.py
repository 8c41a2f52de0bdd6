"""What every room's admin needs."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, Protocol
from uuid import UUID

from django.contrib import admin
from django.contrib.auth import get_permission_codename, get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from ecommerce.identity import Viewer
from ecommerce.money import Money


def viewer_in_admin(request: HttpRequest) -> Viewer:
    """Who asks in Django's admin, where ``request.user`` is a row and not a Viewer."""
    viewer: Viewer = getattr(request.user, "viewer", Viewer())
    return viewer


class Operated:
    """Beside a ModelAdmin whose rows services change and no form: ``permissions=["operate"]`` of its actions."""

    opts: Any

    def has_operate_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whoever may change such rows, though not by hand."""
        change = get_permission_codename("change", self.opts)
        return bool(request.user.has_perm(f"{self.opts.app_label}.{change}"))


def people(actors: Iterable[str]) -> dict[str, str]:
    """What those who are kept by their id sign in as, in one statement; the others stay as they are."""
    told = set(actors)
    users = get_user_model()
    ids = [actor for actor in told if is_id(actor)]
    known = users._default_manager.filter(pk__in=ids).values_list("pk", users.USERNAME_FIELD)
    return {actor: actor for actor in told} | {str(pk): name for pk, name in known}


def is_id(text: str) -> bool:
    """Is it written as the id of a row?"""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def shown(amount_minor: int | None, currency: str) -> str:
    """An amount for people, as ``17.40 EUR``; a dash where there is none."""
    return "–" if amount_minor is None else str(Money(amount_minor, currency))


def money_column(field: str, *, description: str = "") -> Callable[[Any, Any], Money]:
    """A column of the admin that shows ``<field>_minor`` in the row's currency, and sorts by it."""

    @admin.display(description=description or field.replace("_", " "), ordering=f"{field}_minor")
    def column(self: Any, row: Any) -> Money:
        return Money(getattr(row, f"{field}_minor"), row.currency)

    return column


class NamedSku(Protocol):
    """What is shown of a SKU."""

    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def product_title(self) -> str: ...


class FindSkus(Protocol):
    """The catalog's look-up: by ids and by codes, in one statement."""

    def __call__(
        self, *, ids: Collection[UUID] = (), codes: Collection[str] = ()
    ) -> Mapping[UUID, NamedSku]: ...


class SkuColumns:
    """``sku`` and ``title`` for rows that keep a ``sku_id``: people know SKUs by these.

    ``name_skus`` looks up a page of rows at once; a row that was not among them is looked up alone.
    """

    find_skus: FindSkus
    sku_fields: Sequence[str] = ("sku_id",)

    def name_skus(self, rows: Iterable[Any]) -> None:
        rows = list(rows)
        fields = self.sku_fields
        known = self.find_skus(ids={getattr(row, field) for row in rows for field in fields})
        for row in rows:
            row.named_skus = {field: known.get(getattr(row, field)) for field in fields}
            row.named_sku = row.named_skus[fields[0]]

    @admin.display(description="SKU", ordering="sku_id")
    def sku(self, row: Any) -> str:
        named = self._named(row)
        return named.code if named else str(row.sku_id)

    @admin.display(description="title")
    def title(self, row: Any) -> str:
        named = self._named(row)
        return whole_title(named) if named else "–"

    def _named(self, row: Any, field: str = "") -> NamedSku | None:
        if not hasattr(row, "named_skus"):
            self.name_skus([row])
        named: NamedSku | None = row.named_skus[field or self.sku_fields[0]]
        return named


def sku_column(field: str, *, description: str) -> Callable[[Any, Any], str]:
    """A column for one of several SKUs that rows with ``SkuColumns`` keep: its code and title."""

    @admin.display(description=description, ordering=field)
    def column(self: Any, row: Any) -> str:
        named = self._named(row, field)
        return f"{named.code}: {whole_title(named)}" if named else str(getattr(row, field))

    return column


def whole_title(named: NamedSku) -> str:
    """The product's title, and the SKU's own where it has one."""
    if named.title == named.product_title:
        return named.title
    return f"{named.product_title}, {named.title}"


class SkuAdmin(SkuColumns, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """A list of rows that keep a ``sku_id``: shows what people know them by, and finds them by the code."""

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changes = super().get_changelist_instance(request)
        changes.result_list = list(changes.result_list)
        self.name_skus(changes.result_list)
        return changes

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            self.name_skus([row])
        return row

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> "tuple[QuerySet[Any], bool]":
        if search_term and (known := self.find_skus(codes=[search_term.strip()])):
            either = [Q((f"{field}__in", list(known))) for field in self.sku_fields]
            return queryset.filter(reduce(or_, either)), False
        found, twice = super().get_search_results(request, queryset, search_term)
        return found, bool(twice)


class SkuInlinesAdmin(ModelAdmin):  # type: ignore[misc]  # likewise
    """Something whose inlines have ``SkuColumns``: the SKUs of each are looked up at once."""

    def get_inline_formsets(
        self,
        request: HttpRequest,
        formsets: Sequence[Any],
        inline_instances: Sequence[Any],
        obj: Any = None,
    ) -> Any:
        for inline, formset in zip(inline_instances, formsets, strict=True):
            if isinstance(inline, SkuColumns):
                inline.name_skus(form.instance for form in formset.forms)
        return super().get_inline_formsets(request, formsets, inline_instances, obj)
