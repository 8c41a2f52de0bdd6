"""Takes devices' messages from the broker: applied by the batch, acknowledged when that is committed."""

import logging
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, Queue
from typing import Any
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as mqtt
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from apps.inventory import services
from apps.inventory.types import DeviceMessage, DeviceOutcome
from ecommerce import context
from ecommerce.clock import now
from ecommerce.connections import drop_hung_up
from ecommerce.ids import new_id
from ecommerce.operations.metrics import DEVICE_MESSAGES, DEVICE_MESSAGES_UNTOLD
from ecommerce.steps import reach

log = logging.getLogger(__name__)
TOPIC = "iot/inventory/+/delta"
STATUS = "shop/inventory/ingest/status"
"""Retained: ``online``, or ``offline`` by the broker's hand where we are gone without a word."""
IN_FLIGHT = 200
"""So many messages the broker gives before it waits for an acknowledgement."""
LARGEST_BYTES = 64 * 1024
"""The broker drops what is larger: a message takes a hundred bytes."""
BATCH = 100
RETRY_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Broker:
    """Where it is (``mqtt://user:password@host:1883``, ``mqtts://…``) and who we are to it."""

    url: str
    client_id: str
    session_hours: int = 168
    ca: str = ""
    certificate: str = ""
    key: str = ""
    id_required: bool = False
    """Whether messages with neither an id nor a time are put aside."""


class Ingest:
    """One client of the broker. Two of one id would take the session from each other: run one."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._arrived: Queue[mqtt.MQTTMessage] = Queue()
        self._client = self._made()
        self._next_retry = 0.0

    def run(self, asked_to_stop: Callable[[], bool]) -> None:
        """Until asked to stop. What is not acknowledged by then the broker gives again the next time."""
        where = urlsplit(self._broker.url)
        port = where.port or (8883 if where.scheme == "mqtts" else 1883)
        self._client.connect_async(
            where.hostname or "localhost",
            port,
            keepalive=30,
            clean_start=False,
            properties=self._session(),
        )
        self._client.loop_start()
        try:
            while not asked_to_stop():
                self._turn()
        finally:
            self._client.publish(STATUS, "offline", qos=1, retain=True)
            self._client.disconnect()
            self._client.loop_stop()

    def _made(self) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._broker.client_id,
            protocol=mqtt.MQTTv5,
            manual_ack=True,
        )
        where = urlsplit(self._broker.url)
        if where.username:
            client.username_pw_set(unquote(where.username), unquote(where.password or ""))
        if where.scheme == "mqtts":
            client.tls_set(
                ca_certs=self._broker.ca or None,
                certfile=self._broker.certificate or None,
                keyfile=self._broker.key or None,
                cert_reqs=ssl.CERT_REQUIRED,
            )
        client.will_set(STATUS, "offline", qos=1, retain=True)
        client.reconnect_delay_set(min_delay=1, max_delay=LONGEST_PAUSE_SECONDS)
        client.on_connect = self._connected
        client.on_disconnect = _disconnected
        client.on_message = lambda _client, _data, message: self._arrived.put(message)
        return client

    def _session(self) -> Properties:
        """One that outlives the connection: the broker keeps for it what comes meanwhile."""
        session = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # the package leaves it untyped
        session.SessionExpiryInterval = self._broker.session_hours * 3600
        session.ReceiveMaximum = IN_FLIGHT
        session.MaximumPacketSize = LARGEST_BYTES
        return session

    def _connected(
        self, client: mqtt.Client, data: Any, flags: Any, reason: Any, properties: Any
    ) -> None:
        if reason.is_failure:
            log.error("the broker refuses us: %s", reason)
            return
        log.info("connected to the broker, session kept: %s", flags.session_present)
        client.subscribe(TOPIC, qos=1)
        client.publish(STATUS, "online", qos=1, retain=True)

    def _turn(self) -> None:
        batch = self._batch()
        if batch:
            self._take(batch)
        if time.monotonic() >= self._next_retry:
            self._next_retry = time.monotonic() + RETRY_SECONDS
            _guarded(lambda: services.retry_waiting_letters(now=now()))

    def _batch(self) -> list[mqtt.MQTTMessage]:
        batch = []
        try:
            batch.append(self._arrived.get(timeout=0.5))
            while len(batch) < BATCH:
                batch.append(self._arrived.get_nowait())
        except Empty:
            pass
        return batch

    def _take(self, batch: Sequence[mqtt.MQTTMessage]) -> None:
        messages = [self._message(one) for one in batch]
        if _guarded(lambda: _apply(messages, self._broker.id_required)) is None:
            # The database is away. In order: what waits comes after what could not be taken.
            later = list(batch)
            while not self._arrived.empty():
                later.append(self._arrived.get_nowait())
            for one in later:
                self._arrived.put(one)
            time.sleep(1)
            return
        reach("inventory.before_device_ack")
        for one in batch:
            if one.qos:
                self._client.ack(one.mid, one.qos)

    def _message(self, one: mqtt.MQTTMessage) -> DeviceMessage:
        return DeviceMessage(
            topic=one.topic,
            payload=bytes(one.payload),
            client=self._broker.client_id,
            number=one.mid,
            again=one.dup,
        )


def _apply(messages: Sequence[DeviceMessage], id_required: bool) -> bool:
    """All at once; where that breaks, one by one, and what breaks alone is buried."""
    with context.bind(correlation_id=str(new_id())):
        try:
            _count(services.take_device_messages(messages, id_required=id_required))
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("a batch of %s messages broke; taking each by itself", len(messages))
            for message in messages:
                _apply_alone(message, id_required)
    return True


def _apply_alone(message: DeviceMessage, id_required: bool) -> None:
    try:
        _count(services.take_device_messages([message], id_required=id_required))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("a message to %s broke", message.topic)
        services.bury_device_message(message, error)
        _count(DeviceOutcome(dead=1))


def _count(outcome: DeviceOutcome) -> None:
    DEVICE_MESSAGES.labels("applied").inc(outcome.applied)
    DEVICE_MESSAGES.labels("repeated").inc(outcome.repeated)
    DEVICE_MESSAGES.labels("dead").inc(outcome.dead)
    DEVICE_MESSAGES_UNTOLD.inc(outcome.untold)


def _guarded(act: Callable[[], Any]) -> Any:
    """What it gives; None where the database is away."""
    close_old_connections()
    drop_hung_up()
    try:
        return act()
    except DatabaseError as error:
        log.warning("the database is away: %s", error)
        return None
    finally:
        close_old_connections()


def _disconnected(client: mqtt.Client, data: Any, flags: Any, reason: Any, properties: Any) -> None:
    log.warning("lost the broker: %s", reason)
