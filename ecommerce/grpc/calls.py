"""One call from its first byte to its last: who, how long, in one transaction, told in log, metrics and trace."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import grpc
import structlog
from django.conf import settings
from django.db import close_old_connections
from google.protobuf.message import DecodeError, Message
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

from ecommerce import context
from ecommerce.connections import drop_hung_up, is_lost, renew
from ecommerce.errors import Forbidden, Invalid, ShopError, Unauthenticated
from ecommerce.grpc import refusals
from ecommerce.grpc.deadlines import Deadline, within
from ecommerce.http.middleware import correlation_of, trace_of
from ecommerce.http.throttling import count_caller
from ecommerce.identity import Viewer
from ecommerce.ids import new_id
from ecommerce.operations import tracing
from ecommerce.operations.metrics import GRPC_DURATION, GRPC_REQUESTS

logger = structlog.get_logger("shop.request")
Authenticate = Callable[[str], Viewer]
"""Who a bearer token belongs to. Raises a ShopError for one that is no good."""


@dataclass(frozen=True, slots=True)
class Refused:
    """What a call is told instead of an answer."""

    status: Status


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """What answers a method, and the roles of which a caller needs one. It may run twice: a repeat is harmless.

    ``scope`` names the limit (``RATE_LIMITS``) that each caller's calls count against.
    """

    answer: Callable[[Any], Message]
    roles: tuple[str, ...]
    scope: str = "grpc"


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """The handler of a method."""

    name: str
    """As callers spell it: ``/package.Service/Method``."""
    method: Method
    read: Callable[[bytes], Message]
    authenticate: Authenticate
    details: refusals.Details
    refused: Callable[[ShopError], None]

    def __call__(self, request: bytes, call: grpc.ServicerContext) -> Message:
        started = time.perf_counter()
        told = {name: value for name, value in call.invocation_metadata() if type(value) is str}
        with tracing.serving(self.name, told.get("traceparent")):
            correlation_id = correlation_of(told.get("correlation-id"))
            trace_id, traceparent = trace_of(told.get("traceparent"))
            with context.bind(
                request_id=str(new_id()),
                correlation_id=correlation_id,
                trace_id=trace_id,
                traceparent=traceparent,
                user_id=None,
            ):
                call.send_initial_metadata(
                    (("correlation-id", correlation_id), ("traceparent", traceparent))
                )
                answer = self._answer_or_refusal(request, call, told)
                self._report(answer, time.perf_counter() - started)
        if isinstance(answer, Refused):
            call.abort_with_status(rpc_status.to_status(answer.status))
        return answer

    def _answer_or_refusal(
        self, request: bytes, call: grpc.ServicerContext, told: Mapping[str, str]
    ) -> "Message | Refused":
        longest = float(settings.GRPC_LONGEST_SECONDS)
        left = call.time_remaining()
        deadline = Deadline.after(longest if left is None else min(left, longest))
        close_old_connections()
        drop_hung_up()
        try:
            return self._answer_and_tell(request, told, deadline)
        except Exception as error:
            status = refusals.status_of(error, deadline, self.details)
            if status is None:
                logger.exception("grpc_bug", method=self.name)
                return Refused(refusals.unknown())
            return Refused(status)
        finally:
            close_old_connections()

    def _answer_and_tell(
        self, request: bytes, told: Mapping[str, str], deadline: Deadline
    ) -> Message:
        """A refusal is told of once the transaction that it ended is over."""
        try:
            return self._twice_if_lost(request, told, deadline)
        except ShopError as refusal:
            self.refused(refusal)
            raise

    def _twice_if_lost(
        self, request: bytes, told: Mapping[str, str], deadline: Deadline
    ) -> Message:
        """A connection that broke is no caller's concern: what was done stays done when it is asked again."""
        try:
            return self._answer(request, told, deadline)
        except Exception as error:
            if not is_lost(error):
                raise
        renew()
        return self._answer(request, told, deadline)

    def _answer(self, request: bytes, told: Mapping[str, str], deadline: Deadline) -> Message:
        deadline.check()
        self._admit(told.get("authorization", ""))
        message = self._message(request)
        with within(deadline):
            return self.method.answer(message)

    def _message(self, request: bytes) -> Message:
        try:
            return self.read(request)
        except DecodeError:
            raise Invalid("The bytes are no message of this method.") from None

    def _admit(self, authorization: str) -> None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated
        viewer = self.authenticate(token.strip())
        context.note_user(viewer.user_id)
        if not viewer.has_any(*self.method.roles):
            raise Forbidden
        count_caller(self.method.scope, viewer)

    def _report(self, answer: "Message | Refused", seconds: float) -> None:
        number = answer.status.code if isinstance(answer, Refused) else 0
        code = _NAMES[number]
        GRPC_REQUESTS.labels(self.name, code).inc()
        GRPC_DURATION.labels(self.name).observe(seconds)
        log = logger.error if code in {"INTERNAL", "UNKNOWN"} else logger.info
        log("grpc_request", method=self.name, code=code, milliseconds=round(seconds * 1000, 1))


_NAMES = {code.value[0]: code.name for code in grpc.StatusCode}
