"""What every payment provider's adapter can do. Adapters never raise for trouble on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from apps.payments.types import GatewayAnswer, Operation


@dataclass(frozen=True, kw_only=True, slots=True)
class GatewayRequest:
    """What is asked: ``attempt_id`` is the idempotency key, so asking twice acts once."""

    operation: Operation
    attempt_id: UUID
    payment_id: UUID
    order_id: UUID
    merchant: str
    amount_minor: int
    currency: str
    method: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderOperation:
    """Something that happened at the provider. ``attempt_id`` is None if it was not we who asked."""

    operation: Operation
    attempt_id: UUID | None
    reference: str
    amount_minor: int
    succeeded: bool
    decline_code: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderEvent:
    """A webhook: the whole history of a payment at the provider up to then, so that none depends on another."""

    id: str
    type: str
    payment_id: UUID
    operations: tuple[ProviderOperation, ...]


class Gateway(Protocol):
    """A payment provider."""

    def ask(self, request: GatewayRequest) -> GatewayAnswer:
        """Have something done. Always an answer: lost and unreachable are answers too."""
        ...

    def find(self, attempt_id: UUID) -> GatewayAnswer | None:
        """What became of an attempt; None if the provider has never heard of it."""
        ...

    def check_signature(self, body: bytes, headers: Mapping[str, str], now: datetime) -> None:
        """Raises BadSignature unless the provider sent these very bytes lately."""
        ...

    def read_event(self, payload: Mapping[str, object]) -> ProviderEvent:
        """Understand a webhook's body. Raises UnreadableWebhook."""
        ...
