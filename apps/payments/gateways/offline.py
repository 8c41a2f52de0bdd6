"""Money that changes hands without a gateway: by transfer, in cash, or at a provider of former days."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from apps.payments.errors import BadSignature, UnreadableWebhook
from apps.payments.gateways.protocol import GatewayRequest, ProviderEvent
from apps.payments.types import GatewayAnswer


class OfflineGateway:
    """There is nobody to ask: what is asked, the merchant does by hand, and it is booked as done."""

    def ask(self, request: GatewayRequest) -> GatewayAnswer:
        """Done, under a reference made of the attempt."""
        return GatewayAnswer(
            outcome="succeeded",
            attempt_id=request.attempt_id,
            amount_minor=request.amount_minor,
            reference=f"offline-{request.attempt_id}",
        )

    def find(self, attempt_id: UUID) -> GatewayAnswer | None:
        """Nobody else keeps a record."""
        return None

    def check_signature(self, body: bytes, headers: Mapping[str, str], now: datetime) -> None:
        """Nobody sends webhooks, so whoever does is an impostor."""
        raise BadSignature

    def read_event(self, payload: Mapping[str, object]) -> ProviderEvent:
        """There is none to read."""
        raise UnreadableWebhook("nobody sends webhooks about money that changes hands offline")
