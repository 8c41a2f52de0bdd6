"""Long work: started by a request, done by a worker, seen by its progress, resumed after any crash."""

from ecommerce.jobs.context import JobContext
from ecommerce.jobs.registry import job

__all__ = ["JobContext", "job"]
