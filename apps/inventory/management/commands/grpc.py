"""Serves gRPC until it is asked to stop."""

import signal
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.inventory.grpc.service import INVENTORY
from ecommerce.database_clock import follow_database
from ecommerce.grpc import Listen, serving


class Command(BaseCommand):
    help = "Serve the gRPC door (GRPC_LISTEN and what docs/how-to/operate.md lists beside it)."

    def handle(self, *args: Any, **options: Any) -> None:
        asked = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: asked.set())
        follow_database()
        listen = Listen(
            address=settings.GRPC_LISTEN,
            threads=settings.GRPC_THREADS,
            reflection=settings.GRPC_REFLECTION,
            certificate=settings.GRPC_CERTIFICATE,
            key=settings.GRPC_KEY,
        )
        try:
            with serving(listen, [INVENTORY]) as port:
                self.stdout.write(f"gRPC on port {port}")
                asked.wait()
        except OSError as error:
            raise CommandError(str(error)) from error
