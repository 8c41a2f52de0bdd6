"""The event spine in the admin: look at the log, pause consumers, deal with dead letters."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from ecommerce import clock
from ecommerce.errors import ShopError
from ecommerce.events.dead_letters import discard, redrive
from ecommerce.events.models import Archive, ConsumerState, DeadLetter, LogEntry, ParkedEvent
from ecommerce.events.watching import (
    consumer_statuses,
    pause_consumer,
    resume_consumer,
)


class ReadOnlyAdmin(ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Rows that only the spine itself writes."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Who may act on what is listed: those whom the admin would let change it."""
        return bool(super().has_change_permission(request))


@admin.register(LogEntry)
class LogAdmin(ReadOnlyAdmin):
    list_display = (
        "position",
        "event_type",
        "partition_key",
        "occurred_at",
        "producer",
        "correlation_id",
    )
    list_filter = ("producer",)
    search_fields = ("=partition_key", "=correlation_id", "=event_type")
    ordering = ("-position",)


@admin.register(ConsumerState)
class ConsumerAdmin(ReadOnlyAdmin):
    list_display = (
        "name",
        "running",
        "lag",
        "lag_seconds",
        "handled",
        "parked",
        "dead_letters",
        "replayable",
    )
    search_fields = ("name",)
    ordering = ("name",)
    actions = ("pause", "resume")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The figures of the rows on the page come in one more statement."""
        changelist = super().get_changelist_instance(request)
        statuses = {status.name: status for status in consumer_statuses(now=clock.now())}
        for row in changelist.result_list:
            row.status = statuses[row.name]
        return changelist

    @admin.display(boolean=True)
    def running(self, row: ConsumerState) -> bool:
        return row.paused_at is None

    @admin.display(description="lag (events)")
    def lag(self, row: Any) -> int:
        return int(row.status.lag_events)

    @admin.display(description="lag (seconds)")
    def lag_seconds(self, row: Any) -> float:
        return float(round(row.status.lag_seconds, 1))

    def handled(self, row: Any) -> int:
        return int(row.status.handled)

    def parked(self, row: Any) -> int:
        return int(row.status.parked)

    def dead_letters(self, row: Any) -> int:
        return int(row.status.dead_letters)

    @admin.display(boolean=True)
    def replayable(self, row: ConsumerState) -> bool:
        return bool(row.tables)

    @admin.action(description="Pause", permissions=["operate"])
    def pause(self, request: HttpRequest, chosen: QuerySet[ConsumerState]) -> None:
        for row in chosen:
            pause_consumer(row.name, now=clock.now())

    @admin.action(description="Resume", permissions=["operate"])
    def resume(self, request: HttpRequest, chosen: QuerySet[ConsumerState]) -> None:
        for row in chosen:
            resume_consumer(row.name)


@admin.register(DeadLetter)
class DeadLetterAdmin(ReadOnlyAdmin):
    list_display = (
        "died_at",
        "consumer",
        "event_type",
        "partition_key",
        "attempts",
        "status",
        "error",
    )
    list_filter = ("status", "consumer", "event_type")
    search_fields = ("=partition_key", "error", "=event_id")
    ordering = ("-died_at",)
    actions = ("redrive", "discard")

    @admin.action(
        description="Redrive: try again, then those that wait behind", permissions=["operate"]
    )
    def redrive(self, request: HttpRequest, chosen: QuerySet[DeadLetter]) -> None:
        self._settle(request, chosen, redrive)

    @admin.action(
        description="Discard: give up for this consumer for good", permissions=["operate"]
    )
    def discard(self, request: HttpRequest, chosen: QuerySet[DeadLetter]) -> None:
        self._settle(request, chosen, discard)

    def _settle(self, request: HttpRequest, chosen: QuerySet[DeadLetter], settle: Any) -> None:
        for letter in chosen:
            try:
                settle(letter.id, now=clock.now())
            except ShopError as refusal:
                messages.warning(request, refusal.detail)


@admin.register(ParkedEvent)
class ParkedAdmin(ReadOnlyAdmin):
    list_display = (
        "position",
        "consumer",
        "partition_key",
        "state",
        "attempts",
        "next_attempt_at",
        "error",
    )
    list_filter = ("state", "consumer")
    search_fields = ("=partition_key",)
    ordering = ("-position",)


@admin.register(Archive)
class ArchiveAdmin(ReadOnlyAdmin):
    list_display = (
        "name",
        "rows",
        "first_position",
        "last_position",
        "recorded_from",
        "archived_at",
    )
    ordering = ("-recorded_from",)
