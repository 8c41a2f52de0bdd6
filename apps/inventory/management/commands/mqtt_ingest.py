"""Takes devices' messages from the broker until it is asked to stop."""

import signal
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.inventory.mqtt.ingest import Broker, Ingest
from ecommerce.database_clock import follow_database


class Command(BaseCommand):
    help = "Apply what devices tell at iot/inventory/{sku}/delta (MQTT_URL). Run one."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.MQTT_URL.startswith(("mqtt://", "mqtts://")):
            raise CommandError(
                "MQTT_URL is not set, for instance mqtt://shop:password@localhost:1883"
            )
        asked = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: asked.set())
        follow_database()
        broker = Broker(
            url=settings.MQTT_URL,
            client_id=settings.MQTT_CLIENT_ID,
            session_hours=settings.MQTT_SESSION_HOURS,
            ca=settings.MQTT_CA,
            certificate=settings.MQTT_CERTIFICATE,
            key=settings.MQTT_KEY,
            id_required=settings.MQTT_ID_REQUIRED,
        )
        Ingest(broker).run(asked.is_set)
