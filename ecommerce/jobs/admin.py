"""Jobs in the back office: progress to look at, a button to stop."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from ecommerce.backoffice import Operated
from ecommerce.clock import now
from ecommerce.errors import ShopError
from ecommerce.identity import SYSTEM
from ecommerce.jobs import queries, services
from ecommerce.jobs.models import Job, JobRowError


class _ReadOnly:
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RowErrorInline(_ReadOnly, TabularInline):  # type: ignore[misc]  # unfold is untyped
    model = JobRowError
    fields = ("row", "pointer", "code", "detail")
    ordering = ("row", "id")
    per_page = 20


@admin.register(Job)
class JobAdmin(Operated, _ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    list_display = ("id", "kind", "state", "progress", "refused", "created_at", "finished_at")
    list_filter = ("state", "kind")
    search_fields = ("id", "owner_id")
    ordering = ("-created_at",)
    show_full_result_count = False
    inlines = (RowErrorInline,)
    actions = ("cancel",)

    @admin.display(description="Progress")
    def progress(self, job: Job) -> str:
        view = queries.view_of(job.__dict__)
        rate = f", {view.rows_per_second}/s" if view.rows_per_second else ""
        return f"{view.done}{rate}" if view.percent is None else f"{view.percent} %{rate}"

    @admin.action(description="Stop", permissions=["operate"])
    def cancel(self, request: HttpRequest, jobs: "QuerySet[Job]") -> None:
        for job in jobs:
            try:
                services.cancel_job(job_id=job.id, viewer=SYSTEM, now=now())
            except ShopError as refusal:
                self.message_user(request, f"{job}: {refusal.detail}", level="warning")
