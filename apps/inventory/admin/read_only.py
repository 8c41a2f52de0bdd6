"""An admin page that is only looked at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from ecommerce.backoffice import Operated, people


class ReadOnly(Operated, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """To be looked at only. A row about a SKU is headed by what people know it by, not by its id."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = list(super().get_fields(request, obj))
        if self.fields or "sku" not in fields:
            return fields
        named = ["sku", "title"]
        return named + [name for name in fields if name not in {*named, "sku_id"}]

    @admin.display(description="location", ordering="location__code")
    def place(self, row: Any) -> str:
        """The location's code, where a list has no room for its name."""
        return row.location.code if row.location_id else "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WhoColumn:
    """``who`` for rows that keep who did it: a page of them is looked up at once."""

    actor_field = "actor"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = [name for name in super().get_fields(request, obj) if name != "who"]  # type: ignore[misc]  # beside a ModelAdmin
        return ["who" if name == self.actor_field else name for name in fields]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "who")  # type: ignore[misc]  # likewise

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changes = super().get_changelist_instance(request)  # type: ignore[misc]  # beside a ModelAdmin
        names = people(getattr(row, self.actor_field) for row in changes.result_list)
        for row in changes.result_list:
            row.who = names[getattr(row, self.actor_field)]
        return changes

    @admin.display(description="who")
    def who(self, row: Any) -> str:
        actor = getattr(row, self.actor_field)
        return getattr(row, "who", None) or people([actor])[actor] or "–"
