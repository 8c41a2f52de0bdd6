"""Tells by the standard health service (grpc.health.v1) whether calls would be answered."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError
from threading import Event, Thread

from django.db import connections
from grpc_health.v1.health import HealthServicer
from grpc_health.v1.health_pb2 import HealthCheckResponse

from ecommerce.connections import drop_hung_up
from ecommerce.operations.health import DOWN, readiness

LOOK_SECONDS = 1.0
SLOW_SECONDS = 3.0
"""A database that has not answered for so long is none."""


class Watch:
    """Asks what the shop stands on again and again, and tells the health service of every name."""

    def __init__(self, servicer: HealthServicer, names: Sequence[str]) -> None:
        self._servicer = servicer
        self._names = ("", *names)
        self._leaving = Event()
        self._thread = Thread(target=self._look_again, name="grpc-health", daemon=True)

    def start(self) -> None:
        self._tell(serving=False)
        self._thread.start()

    def leave(self) -> None:
        """From now on nobody new should come."""
        self._leaving.set()
        self._servicer.enter_graceful_shutdown()

    def join(self) -> None:
        self._thread.join(SLOW_SECONDS + 2)

    def _look_again(self) -> None:
        asking = ThreadPoolExecutor(1, "grpc-health-ask")
        asked: Future[bool] | None = None
        while not self._leaving.is_set():
            asked = asked or asking.submit(_is_up)
            try:
                self._tell(serving=asked.result(SLOW_SECONDS))
            except TimeoutError:
                self._tell(serving=False)
                continue
            asked = None
            self._leaving.wait(LOOK_SECONDS)
        asking.submit(connections.close_all)
        asking.shutdown(wait=False)

    def _tell(self, *, serving: bool) -> None:
        status = HealthCheckResponse.SERVING if serving else HealthCheckResponse.NOT_SERVING
        for name in self._names:
            self._servicer.set(name, status)


def _is_up() -> bool:
    drop_hung_up()
    return readiness().status != DOWN
