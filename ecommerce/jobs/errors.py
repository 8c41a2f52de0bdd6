"""The ways jobs say no."""

from ecommerce.errors import Conflict, NotFound


class JobNotFound(NotFound):
    code = "jobs/not-found"
    title = "No such job"


class ResultNotReady(Conflict):
    code = "jobs/result-not-ready"
    title = "The job has not finished yet"


class NoResult(NotFound):
    code = "jobs/no-result"
    title = "The job has no result file"


class JobFinished(Conflict):
    code = "jobs/finished"
    title = "The job has ended already"


class JobLost(Exception):  # not a refusal: the way out of a run that is not ours any more
    """Another worker took the job over; what this one has not committed is undone."""


class JobCancelled(Exception):  # likewise
    """The owner asked to stop; what was committed stays."""
