"""Jobs and the rows that they refused."""

from django.db import models
from django.db.models import F, Q

from ecommerce.ids import new_id
from ecommerce.jobs.types import FINISHED, QUEUED, RUNNING, STATES


class Job(models.Model):
    """Long work. ``run`` counts who took it up: only the newest taker may write."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default=QUEUED)
    owner_id = models.UUIDField(null=True)
    params = models.JSONField(default=dict)
    checkpoint = models.JSONField(default=dict)
    input_name = models.CharField(max_length=500, default="")
    result_name = models.CharField(max_length=500, default="")
    total = models.BigIntegerField(null=True)
    done = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    run = models.PositiveIntegerField(default=0)
    stalls = models.PositiveIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    error_code = models.CharField(max_length=100, default="")
    error_detail = models.TextField(default="")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "jobs_job"
        constraints = [
            models.CheckConstraint(name="jobs_known_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(
                name="jobs_counts_add_up",
                condition=Q(done__gte=0, refused__gte=0, refused__lte=F("done")),
            ),
            models.CheckConstraint(
                name="jobs_finished_has_an_end",
                condition=Q(state__in=FINISHED, finished_at__isnull=False)
                | (~Q(state__in=FINISHED) & Q(finished_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="jobs_open",
                condition=Q(state__in=[QUEUED, RUNNING]),
            ),
            models.Index(fields=["owner_id", "-created_at", "id"], name="jobs_by_owner"),
            models.Index(fields=["-created_at", "id"], name="jobs_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class JobRowError(models.Model):
    """A row that a job refused. Only the first so many of a job are kept; the count tells the rest."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="+", db_index=False)
    row = models.BigIntegerField()
    pointer = models.CharField(max_length=300, default="")
    code = models.CharField(max_length=100)
    detail = models.CharField(max_length=1000)

    class Meta:
        db_table = "jobs_row_error"
        indexes = [models.Index(fields=["job", "row", "id"], name="jobs_errors_of_job")]

    def __str__(self) -> str:
        return f"row {self.row}: {self.detail}"
