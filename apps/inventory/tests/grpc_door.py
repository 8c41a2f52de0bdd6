"""A caller of the gRPC door, as its contract describes it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from operator import methodcaller
from typing import Any

import grpc
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

from apps.inventory.grpc import inventory_pb2 as pb
from apps.inventory.grpc.service import INVENTORY
from ecommerce.grpc import Listen, serving

SERVICE = pb.DESCRIPTOR.services_by_name["Inventory"]


@contextmanager
def open_door(threads: int = 8, **options: Any) -> Iterator[str]:
    """A server on a port of its own; its address."""
    listen = Listen(address="127.0.0.1:0", threads=threads, **options)
    with serving(listen, [INVENTORY]) as port:
        yield f"127.0.0.1:{port}"


class Caller:
    """Calls methods by their names, with somebody's token."""

    def __init__(self, channel: grpc.Channel, token: str = "") -> None:
        self._channel = channel
        self.metadata: tuple[tuple[str, str], ...] = (
            (("authorization", f"Bearer {token}"),) if token else ()
        )

    def call(self, method: str, request: Message, *, timeout: float = 30, **told: str) -> Any:
        answer, _ = self.call_in_full(method, request, timeout=timeout, **told)
        return answer

    def call_in_full(
        self, method: str, request: Message, *, timeout: float = 30, **told: str
    ) -> tuple[Any, Mapping[str, str]]:
        """The answer, and the metadata before it."""
        kind = SERVICE.methods_by_name[method]
        send = self._channel.unary_unary(
            f"/{SERVICE.full_name}/{method}",
            request_serializer=methodcaller("SerializeToString"),
            response_deserializer=GetMessageClass(kind.output_type).FromString,
        )
        metadata = (*self.metadata, *((k.replace("_", "-"), v) for k, v in told.items()))
        answer, done = send.with_call(request, timeout=timeout, metadata=metadata)
        return answer, {str(k): str(v) for k, v in done.initial_metadata()}


def refusal(error: grpc.RpcError) -> Status:
    """What a refused call was told."""
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # an error of a call is that call
    assert isinstance(status, Status)
    return status


def told(error: grpc.RpcError, kind: type[Any]) -> Any:
    """The detail of that kind."""
    for packed in refusal(error).details:
        if packed.Is(kind.DESCRIPTOR):
            found = kind()
            packed.Unpack(found)
            return found
    raise AssertionError(f"{refusal(error)} has no {kind.DESCRIPTOR.name}")
