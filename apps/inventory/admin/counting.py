"""Counts in the admin: a list is made, counts are noted on it, differences decided on and booked."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from apps.catalog.services import find_skus
from apps.inventory import services
from apps.inventory.admin.counting_lines import CountLineInline
from apps.inventory.admin.stepping import is_among, step_button, stepped
from apps.inventory.models import CountSession
from apps.inventory.types import ShelfCount, StartCount
from ecommerce.backoffice import SkuInlinesAdmin
from ecommerce.clock import now
from ecommerce.errors import ShopError
from ecommerce.operations.worklist import WaitingFilter

_NOW = {
    "OPEN": "open",
    "REVIEW": "in review",
    "APPLIED": "booked",
    "CANCELLED": "called off",
}


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
        labels = {
            "abc_class": "ABC class",
            "hold_units": "Hold from so many units",
            "hold_percent": "Hold from so many per cent",
        }
        help_texts = {
            "abc_class": "Of a cyclic count: only this class (A, B or C).",
            "hold_units": "A difference of so many units is not booked before you have decided.",
            "hold_percent": "Likewise, as a part of what was expected.",
        }

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


@admin.register(CountSession)
class CountSessionAdmin(SkuInlinesAdmin):
    """Its lines are saved by the services: counts while it is open or in review, decisions in review."""

    list_display = ("opened_at", "location", "scope", "abc_class", "status", "note", "closed_at")
    list_filter = (WaitingFilter, "status", "location", "scope")
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
            ("location", "scope"),
            ("status", "blind"),
            ("hold_units", "hold_percent"),
            ("abc_class", "note"),
            ("opened_at", "reviewed_at"),
            "closed_at",
            "sums",
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ()
        rows = self.get_fields(request, obj)
        return [name for row in rows for name in ([row] if isinstance(row, str) else row)]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is over is only looked at."""
        over = isinstance(obj, CountSession) and obj.closed_at is not None
        return not over and bool(super().has_change_permission(request, obj))

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_review_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whoever may change counts; one, while there is something to count; the next ones likewise."""
        return self._may(request, object_id, "OPEN")

    def has_book_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """While differences wait to be booked."""
        return self._may(request, object_id, "REVIEW")

    def has_call_off_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """As long as it is not over."""
        return self._may(request, object_id, "OPEN", "REVIEW")

    def _may(self, request: HttpRequest, object_id: str | None, *states: str) -> bool:
        if not request.user.has_perm("inventory.change_countsession"):
            return False
        return is_among(CountSession.objects.filter(status__in=states), object_id)

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
            if {"counted", "found"} & set(fields) and line.counted is not None:
                counts.append(
                    ShelfCount(sku_id=line.sku_id, counted=line.counted, found=line.found)
                )
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
        if count.is_secret:
            return told
        return (
            f"{told}, {count.with_variance} differ: {count.units_missing} units missing,"
            f" {count.units_found} found; {count.undecided} undecided, {count.held} held from sale,"
            f" {count.applied} booked, {count.refused} refused"
        )

    @step_button(
        "The counts are in",
        asks="What differs little is accepted; what differs much is held from sale until you decide.",
        permission="review",
        variant=ActionVariant.PRIMARY,
    )
    def review(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """What differs little is accepted, what differs much held from sale."""
        return self._step(
            request, object_id, lambda count_id: services.review_count(count_id=count_id, now=now())
        )

    @step_button(
        "Book the differences",
        asks="What was accepted is corrected on the levels, with an entry in their ledger.",
        permission="book",
        variant=ActionVariant.PRIMARY,
    )
    def book(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        """What was accepted goes into the ledger."""
        actor = str(request.user.pk)
        return self._step(
            request,
            object_id,
            lambda count_id: services.apply_count(count_id=count_id, actor=actor, now=now()).count,
        )

    @step_button(
        "Call off",
        asks="Nothing more of it is booked.",
        permission="call_off",
        variant=ActionVariant.DANGER,
    )
    def call_off(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
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
        return stepped(
            self,
            request,
            object_id,
            lambda: f"The count is {_NOW[step(UUID(object_id)).status]}.",
        )
