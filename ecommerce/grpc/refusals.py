"""Every refusal and every error as a google.rpc.Status: the problem document of the REST doors in gRPC's words."""

from collections.abc import Callable, Iterable, Iterator

import grpc
import psycopg
from django.db import OperationalError
from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import error_details_pb2 as detail
from google.rpc.status_pb2 import Status

from ecommerce import context
from ecommerce.grpc.deadlines import Deadline, DeadlinePassed
from ecommerce.http.problems import Problem, problem_of

DOMAIN = "ecommerce"
CODE_OF = {
    400: grpc.StatusCode.INVALID_ARGUMENT,
    401: grpc.StatusCode.UNAUTHENTICATED,
    403: grpc.StatusCode.PERMISSION_DENIED,
    404: grpc.StatusCode.NOT_FOUND,
    409: grpc.StatusCode.FAILED_PRECONDITION,
    412: grpc.StatusCode.ABORTED,
    422: grpc.StatusCode.INVALID_ARGUMENT,
    429: grpc.StatusCode.RESOURCE_EXHAUSTED,
    503: grpc.StatusCode.UNAVAILABLE,
}
Details = Callable[[Exception], Iterable[Message]]
"""What a room adds to a refusal of its own: messages of its own contract."""


def status_of(error: Exception, deadline: Deadline, details: Details) -> Status | None:
    """The status that an exception means, or None where it is a bug of ours."""
    if isinstance(error, DeadlinePassed) or (deadline.left_seconds <= 0 and _was_cut(error)):
        return _status(grpc.StatusCode.DEADLINE_EXCEEDED, "Time was over. Nothing was changed.")
    problem = problem_of(error)
    if problem is None:
        return None
    code = CODE_OF.get(problem.status, grpc.StatusCode.UNKNOWN)
    return _status(code, problem.detail or problem.title, *_told(problem), *details(error))


def unknown() -> Status:
    """The status of a bug: it says nothing but the id by which the log tells of it."""
    return _status(grpc.StatusCode.INTERNAL, "Something went wrong on our side.", _request())


def _was_cut(error: Exception) -> bool:
    return isinstance(error, OperationalError) and isinstance(
        error.__cause__, psycopg.errors.QueryCanceled
    )


def _told(problem: Problem) -> Iterator[Message]:
    yield detail.ErrorInfo(
        reason=problem.code.replace("/", "_").replace("-", "_").upper(),
        domain=DOMAIN,
        metadata={
            name: str(fact)
            for name, fact in problem.facts.items()
            if isinstance(fact, str | int | float)
        },
    )
    violations = [
        detail.BadRequest.FieldViolation(
            field=fault.pointer.strip("/").replace("/", "."),
            description=fault.detail,
            reason=fault.code.upper(),
        )
        for fault in problem.faults
    ]
    if violations:
        yield detail.BadRequest(field_violations=violations)
    if (wait := problem.headers.get("Retry-After")) is not None:
        yield detail.RetryInfo(retry_delay=Duration(seconds=int(wait)))
    yield _request()


def _request() -> Message:
    told: Message = detail.RequestInfo(request_id=context.current().correlation_id or "")
    return told


def _status(code: grpc.StatusCode, message: str, *details: Message) -> Status:
    packed = []
    for each in details:
        any_of = Packed()
        any_of.Pack(each)
        packed.append(any_of)
    return Status(code=code.value[0], message=message, details=packed)
