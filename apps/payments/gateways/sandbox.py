"""The sandbox gateway: our own server that behaves, and misbehaves, like a real one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.payments.errors import BadSignature, UnreadableWebhook
from apps.payments.gateways.calling import Caller, Reply, caller_of
from apps.payments.gateways.protocol import GatewayRequest, ProviderEvent, ProviderOperation
from apps.payments.types import GatewayAnswer
from ecommerce.signatures import holds

_PATHS = {
    "authorize": "/gateway/v1/authorizations",
    "capture": "/gateway/v1/captures",
    "void": "/gateway/v1/voids",
    "refund": "/gateway/v1/refunds",
}

_UNDECIDED = frozenset({408, 409, 425, 429})
"""Not now, or someone is at it: no bank has said no, so the attempt is asked after again."""


class SandboxGateway:
    """Speaks to ``SANDBOX_URL``."""

    @property
    def _caller(self) -> Caller:
        return caller_of(settings.SANDBOX_URL)

    def ask(self, request: GatewayRequest) -> GatewayAnswer:
        """POST the operation; the attempt id is its Idempotency-Key."""
        body = {
            "attemptId": str(request.attempt_id),
            "paymentId": str(request.payment_id),
            "amount": request.amount_minor,
            "currency": request.currency,
        }
        if request.operation == "authorize":
            body["method"] = request.method
            body["merchantReference"] = str(request.order_id)
            body["merchant"] = request.merchant
        reply = self._caller.send(
            "POST", _PATHS[request.operation], body=body, key=str(request.attempt_id)
        )
        return _answer(reply, request.attempt_id)

    def find(self, attempt_id: UUID) -> GatewayAnswer | None:
        """GET the attempt; a lost answer to a question is no doubt about the money, so it says unreachable."""
        reply = self._caller.send("GET", f"/gateway/v1/attempts/{attempt_id}")
        if reply.kind == "answered" and reply.status == 404:
            return None
        return _answer(reply, attempt_id)

    def check_signature(self, body: bytes, headers: Mapping[str, str], now: datetime) -> None:
        """The header Sandbox-Signature, by any of the comma-separated secrets of PAYMENT_WEBHOOK_SECRET."""
        secrets = [secret for secret in settings.PAYMENT_WEBHOOK_SECRET.split(",") if secret]
        if not holds(body, headers.get("Sandbox-Signature", ""), secrets=secrets, now=now):
            raise BadSignature

    def read_event(self, payload: Mapping[str, object]) -> ProviderEvent:
        """The charge with all its operations."""
        try:
            return _event(payload)
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableWebhook(f"cannot read the event: {error!r}") from error


def simulate(*, scenario: str, times: int) -> Reply:
    """Make the sandbox misbehave in a named way for its next requests."""
    return caller_of(settings.SANDBOX_URL).send(
        "POST", "/_control", body={"scenario": scenario, "times": times}
    )


def _answer(reply: Reply, attempt_id: UUID) -> GatewayAnswer:
    if reply.kind != "answered":
        return GatewayAnswer(
            outcome="unknown" if reply.kind == "lost" else "unreachable",
            attempt_id=attempt_id,
            raw={"why": reply.why},
        )
    if reply.status in _UNDECIDED:
        return GatewayAnswer(outcome="unknown", attempt_id=attempt_id, raw=reply.body)
    if reply.status >= 400:
        return GatewayAnswer(
            outcome="declined",
            attempt_id=attempt_id,
            decline_code=str(reply.body.get("code", f"http_{reply.status}"))[:60],
            raw=reply.body,
        )
    return GatewayAnswer(
        outcome="succeeded" if reply.body.get("outcome") == "succeeded" else "declined",
        attempt_id=attempt_id,
        amount_minor=int(reply.body.get("amount", 0)),
        reference=str(reply.body.get("id", "")),
        decline_code=str(reply.body.get("declineCode") or "")[:60],
        raw=reply.body,
    )


def _event(payload: Mapping[str, Any]) -> ProviderEvent:
    charge = payload["charge"]
    return ProviderEvent(
        id=str(payload["id"])[:100],
        type=str(payload["type"])[:100],
        payment_id=UUID(charge["paymentId"]),
        operations=tuple(_operation(found) for found in charge["operations"]),
    )


def _operation(found: Mapping[str, Any]) -> ProviderOperation:
    if found["kind"] not in _PATHS:
        raise ValueError(f"unknown operation {found['kind']!r}")
    return ProviderOperation(
        operation=found["kind"],
        attempt_id=UUID(found["attemptId"]) if found.get("attemptId") else None,
        reference=str(found["id"]),
        amount_minor=int(found["amount"]),
        succeeded=found["outcome"] == "succeeded",
        decline_code=str(found.get("declineCode") or "")[:60],
    )
