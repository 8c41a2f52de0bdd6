"""The lines of a count in the admin: a number each, or the lots and numbers that lie there."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from apps.catalog.services import find_skus
from apps.inventory.admin.typed import found_units
from apps.inventory.models import CountLine
from apps.inventory.queries import count_units
from apps.inventory.queries.counting import with_tracking
from ecommerce.backoffice import SkuColumns

_LINES_SHOWN = 100
_UNITS_SHOWN = 12


class CountLineForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A line. A shelf is counted bit by bit: what is not counted yet stays empty."""

    counted = forms.IntegerField(
        required=False, min_value=0, widget=UnfoldAdminIntegerFieldWidget()
    )
    found = forms.CharField(
        required=False,
        label="lots, numbers",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        line = self.instance
        line.found = ()
        if "found" not in self.fields:
            return
        if getattr(line, "tracks_serials", False):
            hint = "each number on a line of its own; a new one with its lot: 1234, lot, 2027-01-31"
        elif getattr(line, "tracks_lots", False):
            hint = "each lot on a line of its own: lot, units; a new one: lot, units, 2027-01-31"
        else:
            self.fields["found"].disabled = True
            self.fields["found"].widget = forms.HiddenInput()
            return
        self.fields["found"].widget.attrs["placeholder"] = hint

    def clean(self) -> dict[str, Any]:
        """Lots and numbers that were typed are the count."""
        said: dict[str, Any] = super().clean() or {}
        if not said.get("found"):
            return said
        try:
            found = found_units(said["found"], serials=self.instance.tracks_serials)
        except forms.ValidationError as error:
            self.add_error("found", error)
            return said
        self.instance.found = found
        said["counted"] = sum(one.quantity for one in found)
        return said


class CountLineInline(SkuColumns, TabularInline):  # type: ignore[misc]  # unfold is untyped
    hide_title = True
    find_skus = staticmethod(find_skus)
    model = CountLine
    form = CountLineForm
    fields = (
        "sku",
        "title",
        "shelf",
        "counted",
        "found",
        "difference",
        "apart",
        "decision",
        "held",
        "refusal",
    )
    ordering = ("id",)
    extra = 0
    per_page = _LINES_SHOWN
    can_delete = False
    verbose_name_plural = "lines"

    def get_queryset(self, request: HttpRequest) -> Any:
        shown = count_units.worth_showing(_UNITS_SHOWN)
        lines = with_tracking(super().get_queryset(request))
        return lines.prefetch_related(Prefetch("units", queryset=shown, to_attr="shown"))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = ["sku", "title", "shelf", "difference", "apart", "held", "refusal"]
        status = getattr(obj, "status", "")
        if status != "REVIEW":
            fixed.append("decision")
        return fixed if status in {"OPEN", "REVIEW"} else [*fixed, "counted"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nothing is typed into a count that is over."""
        over = getattr(obj, "status", "") not in {"OPEN", "REVIEW"}
        return [name for name in self.fields if not (over and name == "found")]

    @admin.display(description="expected")
    def shelf(self, line: CountLine) -> str:
        return "–" if _is_secret(line) or line.expected is None else str(line.expected)

    @admin.display(description="variance")
    def difference(self, line: CountLine) -> str:
        if _is_secret(line) or line.variance is None:
            return "–"
        return f"{line.variance:+d}" + (f", {line.swapped} swapped" if line.swapped else "")

    @admin.display(description="by lot or number")
    def apart(self, line: CountLine) -> str:
        """What differs; in a blind count that is open, what was noted."""
        shown = getattr(line, "shown", [])
        told = [
            f"{row.serial or row.lot}: {row.counted}"
            + ("" if _is_secret(line) else f" of {row.expected}")
            for row in shown
        ]
        more = shown[0].all_of_line - len(shown) if shown else 0
        return "; ".join(told) + (f"; {more} more" if more else "") or "–"


def _is_secret(line: CountLine) -> bool:
    return line.session.blind and line.session.status == "OPEN"
