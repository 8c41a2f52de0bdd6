"""Counts in the admin: a list is made, counts are noted on it, differences decided on and booked."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import TabularInline
from unfold.decorators import action
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from apps.catalog.services import find_skus
from apps.inventory import services
from apps.inventory.admin.read_only import ReadOnly
from apps.inventory.models import CountLine, CountSession, StockCheck, StockHold
from apps.inventory.types import ShelfCount, StartCount
from ecommerce.backoffice import SkuAdmin, SkuColumns, SkuInlinesAdmin
from ecommerce.clock import now
from ecommerce.errors import ShopError

_LINES_SHOWN = 100


class StartCountForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What to count. Codes are needed for a count of chosen SKUs only."""

    codes = forms.CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text="Codes of the chosen SKUs, one a line. Not needed for the other scopes.",
    )
    most = forms.IntegerField(
        required=False,
        min_value=1,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text="Of a cyclic count: the most overdue so many.",
    )

    class Meta:
        model = CountSession
        fields = ("location", "scope", "abc_class", "blind", "hold_units", "hold_percent", "note")

    def clean(self) -> dict[str, Any]:
        """Chosen SKUs are named, and known."""
        said: dict[str, Any] = super().clean() or {}
        codes = {line.strip() for line in said.get("codes", "").splitlines() if line.strip()}
        if said.get("scope") == "chosen" and not codes:
            self.add_error("codes", "Name the SKUs to count.")
        known = {sku.code: sku_id for sku_id, sku in find_skus(codes=codes).items()}
        if unknown := sorted(codes - known.keys()):
            self.add_error("codes", f"Nobody knows {', '.join(unknown)}.")
        said["sku_ids"] = tuple(known.values())
        return said


class CountLineInline(SkuColumns, TabularInline):  # type: ignore[misc]  # unfold is untyped
    find_skus = staticmethod(find_skus)
    model = CountLine
    fields = ("sku", "title", "shelf", "counted", "difference", "decision", "held", "refusal")
    ordering = ("id",)
    extra = 0
    per_page = _LINES_SHOWN
    can_delete = False
    verbose_name_plural = "lines"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = ["sku", "title", "shelf", "difference", "held", "refusal"]
        status = getattr(obj, "status", "")
        if status not in {"OPEN", "REVIEW"}:
            fixed.append("counted")
        if status != "REVIEW":
            fixed.append("decision")
        return fixed

    @admin.display(description="expected")
    def shelf(self, line: CountLine) -> str:
        return "–" if _is_secret(line) or line.expected is None else str(line.expected)

    @admin.display(description="variance")
    def difference(self, line: CountLine) -> str:
        return "–" if _is_secret(line) or line.variance is None else f"{line.variance:+d}"


@admin.register(CountSession)
class CountSessionAdmin(SkuInlinesAdmin):
    """Its lines are saved by the services: counts while it is open or in review, decisions in review."""

    list_display = ("opened_at", "location", "scope", "abc_class", "status", "note", "closed_at")
    list_filter = ("status", "location", "scope")
    list_select_related = ("location",)
    ordering = ("-opened_at",)
    inlines: ClassVar = [CountLineInline]
    actions_detail: ClassVar = ["review", "book", "call_off"]
    show_full_result_count = False

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **more: Any
    ) -> Any:
        if obj is None:
            more["form"] = StartCountForm
        return super().get_form(request, obj, change, **more)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        said = [("location", "scope"), ("abc_class", "most"), ("hold_units", "hold_percent")]
        if obj is None:
            return [*said, "codes", "blind", "note"]
        return [
            ("location", "scope", "abc_class", "status"),
            ("hold_units", "hold_percent", "blind"),
            "note",
            ("opened_at", "reviewed_at", "closed_at"),
            "sums",
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ()
        rows = self.get_fields(request, obj)
        return [name for row in rows for name in ([row] if isinstance(row, str) else row)]

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_count_permission(self, request: HttpRequest, *_: Any) -> bool:
        """Whoever may change counts."""
        return request.user.has_perm("inventory.change_countsession")

    def changeform_view(self, request: HttpRequest, *rest: Any, **more: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().changeform_view(request, *rest, **more)
        except ShopError as refusal:
            self.message_user(request, refusal.detail or refusal.title, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        return response

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            return
        said = form.cleaned_data
        count = services.start_count(
            StartCount(
                location=obj.location.code,
                scope=obj.scope,
                sku_ids=said["sku_ids"],
                abc_class=obj.abc_class,
                limit=said["most"],
                blind=obj.blind,
                hold_units=obj.hold_units,
                hold_percent=obj.hold_percent,
                note=obj.note,
                actor=str(request.user.pk),
            ),
            now=now(),
        )
        obj.pk = count.id
        obj.refresh_from_db()

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save(commit=False)
        actor, counts, decisions = str(request.user.pk), [], {}
        for line, fields in formset.changed_objects:
            if "counted" in fields and line.counted is not None:
                counts.append(ShelfCount(sku_id=line.sku_id, counted=line.counted))
            if "decision" in fields and line.decision != "pending":
                decisions[line.sku_id] = line.decision
        count_id = form.instance.pk
        if counts:
            services.note_counts(count_id=count_id, counts=counts, actor=actor, now=now())
        if decisions:
            services.decide_count(count_id=count_id, decisions=decisions, actor=actor, now=now())

    @admin.display(description="in numbers")
    def sums(self, session: CountSession) -> str:
        count = services.get_count(count_id=session.id)
        told = f"{count.counted} of {count.lines} counted"
        if session.blind and session.status == "OPEN":
            return told
        return (
            f"{told}, {count.with_variance} differ: {count.units_missing} units missing,"
            f" {count.units_found} found; {count.undecided} undecided, {count.held} held from sale,"
            f" {count.applied} booked, {count.refused} refused"
        )

    @action(description="The counts are in", permissions=["count"])  # type: ignore[untyped-decorator]  # unfold
    def review(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What differs little is accepted, what differs much held from sale."""
        return self._step(
            request,
            object_id,
            lambda count_id: services.review_count(count_id=count_id, now=now()),
        )

    @action(description="Book the differences", permissions=["count"])  # type: ignore[untyped-decorator]
    def book(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What was accepted goes into the ledger."""
        actor = str(request.user.pk)
        return self._step(
            request,
            object_id,
            lambda count_id: services.apply_count(count_id=count_id, actor=actor, now=now()).count,
        )

    @action(description="Call off", permissions=["count"])  # type: ignore[untyped-decorator]  # unfold
    def call_off(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Nothing more is booked."""
        actor = str(request.user.pk)
        return self._step(
            request,
            object_id,
            lambda count_id: services.cancel_count(count_id=count_id, actor=actor, now=now()),
        )

    def _step(
        self, request: HttpRequest, object_id: str, step: Callable[[UUID], Any]
    ) -> HttpResponse:
        try:
            count = step(UUID(object_id))
        except ShopError as refusal:
            self.message_user(request, refusal.detail or refusal.title, messages.ERROR)
        else:
            self.message_user(request, f"The count is {count.status.lower()}.", messages.SUCCESS)
        return HttpResponseRedirect(
            reverse("admin:inventory_countsession_change", args=[object_id])
        )


@admin.register(StockHold)
class StockHoldAdmin(SkuAdmin, ReadOnly):
    find_skus = staticmethod(find_skus)
    list_display = ("placed_at", "sku", "title", "location", "reason", "placed_by", "lifted_at")
    list_filter = ("location", ("lifted_at", admin.EmptyFieldListFilter))
    list_select_related = ("location",)
    ordering = ("-placed_at",)
    readonly_fields = ("sku", "title")
    actions: ClassVar = ["lift"]
    show_full_result_count = False

    @admin.action(description="Let it be sold again")
    def lift(self, request: HttpRequest, holds: Any) -> None:
        for hold in holds.filter(lifted_at=None).select_related("location"):
            services.let_be_sold(
                sku_id=hold.sku_id,
                location=hold.location.code,
                actor=str(request.user.pk),
                now=now(),
            )
        self.message_user(request, "They can be sold again.", messages.SUCCESS)


@admin.register(StockCheck)
class StockCheckAdmin(ReadOnly):
    list_display = ("checked_at", "levels", "movements", "reservations", "seconds", "found")
    ordering = ("-checked_at",)
    show_full_result_count = False

    @admin.display(description="differences")
    def found(self, check: StockCheck) -> str:
        return (
            ", ".join(f"{name}: {len(rows)}" for name, rows in check.differences.items()) or "none"
        )


def _is_secret(line: CountLine) -> bool:
    return line.session.blind and line.session.status == "OPEN"
