"""Tables of the event spine. The code that is hot speaks SQL to them; these serve the admin and operators."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ecommerce.ids import new_id


class OutboxEntry(models.Model):
    """An event that is told but not yet in the log."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField()
    event_type = models.TextField()
    occurred_at = models.DateTimeField()
    producer = models.TextField()
    trace_id = models.TextField(default="")
    traceparent = models.TextField(default="")
    correlation_id = models.TextField()
    causation_id = models.TextField(default="")
    schema_version = models.SmallIntegerField()
    partition_key = models.TextField()
    partition = models.SmallIntegerField()
    payload = models.JSONField()

    class Meta:
        db_table = "outbox"
        verbose_name_plural = "outbox"

    def __str__(self) -> str:
        return f"{self.event_type} {self.event_id}"


class LogEntry(models.Model):
    """An event of the log. The table is partitioned by ``recorded_at`` and made by SQL."""

    position = models.BigIntegerField(primary_key=True)
    partition = models.SmallIntegerField()
    recorded_at = models.DateTimeField()
    event_id = models.UUIDField()
    event_type = models.TextField()
    occurred_at = models.DateTimeField()
    producer = models.TextField()
    trace_id = models.TextField(default="")
    traceparent = models.TextField(default="")
    correlation_id = models.TextField()
    causation_id = models.TextField(default="")
    schema_version = models.SmallIntegerField()
    partition_key = models.TextField()
    payload = models.JSONField()

    class Meta:
        db_table = "event_log"
        verbose_name = "event"
        verbose_name_plural = "event log"

    def __str__(self) -> str:
        return f"{self.position} {self.event_type}"


class Sequence(models.Model):
    """The last position given, in the table's one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField(default=0)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "event_sequence"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="event_sequence_one_row")
        ]

    def __str__(self) -> str:
        return str(self.position)


class Head(models.Model):
    """The last position of an event type in a log partition: what tells a drain where there is work."""

    pk = models.CompositePrimaryKey("event_type", "partition")
    event_type = models.TextField()
    partition = models.SmallIntegerField()
    position = models.BigIntegerField()

    class Meta:
        db_table = "event_head"

    def __str__(self) -> str:
        return f"{self.event_type}/{self.partition}: {self.position}"


class ConsumerState(models.Model):
    """A consumer as the database knows it."""

    name = models.TextField(primary_key=True)
    event_types = ArrayField(models.TextField())
    tables = ArrayField(models.TextField(), default=list)
    paused_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "event_consumer"
        verbose_name = "consumer"

    def __str__(self) -> str:
        return self.name


class Offset(models.Model):
    """How far a consumer has come in a log partition."""

    pk = models.CompositePrimaryKey("consumer", "partition")
    consumer = models.TextField()
    partition = models.SmallIntegerField()
    position = models.BigIntegerField(default=0)
    recorded_at = models.DateTimeField(null=True)
    """When that position was recorded: older parts of the log need not be looked at."""
    handled = models.BigIntegerField(default=0)
    parked = models.IntegerField(default=0)
    """Events that wait in ``parked_event``."""

    class Meta:
        db_table = "event_offset"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parked__gte=0), name="event_offset_parked_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consumer}/{self.partition}: {self.position}"


class ParkedEvent(models.Model):
    """An event that failed (``retry``), gave up (``dead``), or waits behind one of its key (``queued``)."""

    class State(models.TextChoices):
        RETRY = "retry"
        QUEUED = "queued"
        DEAD = "dead"

    id = models.BigAutoField(primary_key=True)
    consumer = models.TextField()
    partition = models.SmallIntegerField()
    partition_key = models.TextField()
    position = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    state = models.TextField(choices=State)
    attempts = models.SmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    error = models.TextField(default="")

    class Meta:
        db_table = "parked_event"
        constraints = [
            models.UniqueConstraint(fields=["consumer", "position"], name="parked_event_once"),
            models.UniqueConstraint(
                fields=["consumer", "partition", "partition_key"],
                condition=~models.Q(state="queued"),
                name="parked_event_one_head_per_key",
            ),
            models.CheckConstraint(
                condition=models.Q(state="retry", next_attempt_at__isnull=False)
                | models.Q(state__in=("queued", "dead"), next_attempt_at__isnull=True),
                name="parked_event_retry_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["consumer", "partition", "partition_key", "position"],
                name="parked_event_of_key",
            ),
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state="retry"),
                name="parked_event_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consumer} {self.position} {self.state}"


class DeadLetter(models.Model):
    """An event that a consumer could not digest, with the last error, and what an operator did about it."""

    class Status(models.TextChoices):
        OPEN = "open"
        REDRIVING = "redriving"
        REDRIVEN = "redriven"
        DISCARDED = "discarded"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    consumer = models.TextField()
    partition = models.SmallIntegerField()
    partition_key = models.TextField()
    position = models.BigIntegerField()
    event_id = models.UUIDField()
    event_type = models.TextField()
    attempts = models.SmallIntegerField()
    error = models.TextField()
    traceback = models.TextField()
    status = models.TextField(choices=Status, default=Status.OPEN)
    died_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "dead_letter"
        constraints = [
            models.UniqueConstraint(fields=["consumer", "position"], name="dead_letter_once"),
        ]
        indexes = [models.Index(fields=["status", "died_at"], name="dead_letter_by_status")]

    def __str__(self) -> str:
        return f"{self.consumer} {self.event_type} {self.position}"


class Archive(models.Model):
    """A part of the log that left for a Parquet file."""

    name = models.TextField(primary_key=True)
    path = models.TextField()
    rows = models.BigIntegerField()
    first_position = models.BigIntegerField()
    last_position = models.BigIntegerField()
    recorded_from = models.DateTimeField()
    recorded_until = models.DateTimeField()
    sha256 = models.TextField()
    archived_at = models.DateTimeField()

    class Meta:
        db_table = "event_archive"

    def __str__(self) -> str:
        return self.name
