"""A gRPC server of some threads, and its way from the first call to the last."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from operator import methodcaller
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import grpc
from django.db import connections
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message_factory import GetMessageClass
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from ecommerce.errors import ShopError
from ecommerce.grpc.calls import Authenticate, Call, Method
from ecommerce.grpc.health import Watch
from ecommerce.grpc.refusals import Details

GRACE_SECONDS = 20.0
"""Calls that run when the server is asked to stop may take so long."""
MEET_SECONDS = 2.0
MAX_REQUEST_BYTES = 256 * 1024
"""Five hundred items of a hundred characters, four times over."""
WAITING_PER_THREAD = 16
"""So many calls may wait for a thread; those beyond are told RESOURCE_EXHAUSTED at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """A service as its contract describes it, and what answers. ``refused`` is told of each refusal, once it stands."""

    service: ServiceDescriptor
    methods: Mapping[str, Method]
    authenticate: Authenticate
    details: Details = lambda _: ()
    refused: Callable[[ShopError], None] = lambda _: None


@dataclass(frozen=True, kw_only=True, slots=True)
class Listen:
    """Where and how. With a certificate and its key (PEM files) callers come by TLS."""

    address: str
    threads: int
    reflection: bool = True
    certificate: str = ""
    key: str = ""


@contextmanager
def serving(listen: Listen, doors: Sequence[Door]) -> Iterator[int]:
    """Serve within the block, which is told the port; at its end let what runs finish. Raises OSError."""
    threads = ThreadPoolExecutor(listen.threads, "grpc")
    server = grpc.server(
        threads,
        maximum_concurrent_rpcs=listen.threads * (1 + WAITING_PER_THREAD),
        options=[
            ("grpc.max_receive_message_length", MAX_REQUEST_BYTES),
            ("grpc.so_reuseport", 0),
        ],
    )
    names = [door.service.full_name for door in doors]
    servicer = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    server.add_generic_rpc_handlers(tuple(map(_handlers, doors)))
    if listen.reflection:
        spoken = (health_pb2.DESCRIPTOR.services_by_name["Health"].full_name,)
        reflection.enable_server_reflection((*names, *spoken, reflection.SERVICE_NAME), server)
    port = _bind(server, listen)
    watch = Watch(servicer, names)
    server.start()
    watch.start()
    try:
        yield port
    finally:
        watch.leave()
        server.stop(GRACE_SECONDS).wait()
        watch.join()
        _in_every_thread(threads, listen.threads, connections.close_all)
        threads.shutdown(wait=False)


def _handlers(door: Door) -> grpc.GenericRpcHandler:
    """Every method of the contract; one that nothing answers is a mistake of ours."""
    unanswered = {method.name for method in door.service.methods} ^ door.methods.keys()
    if unanswered:
        raise ValueError(f"{door.service.full_name}: {', '.join(sorted(unanswered))}")
    return grpc.method_handlers_generic_handler(
        door.service.full_name,
        {
            method.name: grpc.unary_unary_rpc_method_handler(
                Call(
                    name=f"/{door.service.full_name}/{method.name}",
                    method=door.methods[method.name],
                    read=GetMessageClass(method.input_type).FromString,
                    authenticate=door.authenticate,
                    details=door.details,
                    refused=door.refused,
                ),
                response_serializer=methodcaller("SerializeToString"),
            )
            for method in door.service.methods
        },
    )


def _bind(server: grpc.Server, listen: Listen) -> int:
    if not listen.certificate:
        return _bound(server.add_insecure_port, listen.address)
    pair = (Path(listen.key).read_bytes(), Path(listen.certificate).read_bytes())
    credentials = grpc.ssl_server_credentials([pair])
    return _bound(lambda address: server.add_secure_port(address, credentials), listen.address)


def _bound(add: Callable[[str], int], address: str) -> int:
    try:
        port = add(address)
    except RuntimeError as error:
        raise OSError(f"Cannot listen on {address}") from error
    if not port:
        raise OSError(f"Cannot listen on {address}")
    return port


def _in_every_thread(threads: ThreadPoolExecutor, number: int, act: Callable[[], None]) -> None:
    """Each waits for the others, so that none acts twice while another has not; not for one that is stuck."""
    together = Barrier(number, timeout=MEET_SECONDS)

    def meet() -> None:
        with suppress(BrokenBarrierError):
            together.wait()
        act()

    meetings = [threads.submit(meet) for _ in range(number)]
    wait(meetings, timeout=MEET_SECONDS)
