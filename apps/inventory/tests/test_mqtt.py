"""Devices' messages through a real broker: whatever is repeated, reordered or killed, the stock is the same."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import paho.mqtt.client as mqtt
import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from paho.mqtt.enums import CallbackAPIVersion

from apps.catalog import services as catalog
from apps.inventory import services
from apps.inventory.errors import NoDeviceLetter
from apps.inventory.models import DeviceLetter, StockMovement
from apps.inventory.mqtt import ingest
from apps.inventory.mqtt.ingest import STATUS, Broker, Ingest
from apps.inventory.tests.broker import MISSING, PATH, PROGRAM, Mosquitto, device, free_port
from apps.inventory.tests.factories import counts, stocked
from apps.inventory.types import DeviceMessage, DeviceOutcome
from ecommerce import steps
from ecommerce.clock import now
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db(transaction=True)
needs_broker = pytest.mark.skipif(PROGRAM is None, reason=MISSING)


@pytest.fixture(autouse=True)
def mug(monkeypatch: pytest.MonkeyPatch) -> UUID:
    """Fifty mugs; the catalog knows nothing else."""
    sku_id = stocked(50)
    known = SimpleNamespace(id=sku_id, code="MUG", seller="acme")

    def find_skus(*, ids: Any = (), codes: Any = ()) -> Mapping[UUID, Any]:
        return {sku_id: known} if sku_id in ids or "MUG" in codes else {}

    monkeypatch.setattr(catalog, "find_skus", find_skus)
    monkeypatch.setattr(ingest, "RETRY_SECONDS", 0.2)
    return sku_id


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path, free_port())
    broker.start()
    yield broker
    broker.kill()


@contextmanager
def ingesting(broker: Mosquitto, **known: str) -> Iterator[None]:
    """The client of the shop, in a thread of its own."""
    asked = threading.Event()

    def run() -> None:
        Ingest(Broker(**{"url": broker.url, "client_id": "shop", **known})).run(asked.is_set)  # type: ignore[arg-type]  # texts only
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        asked.set()
        thread.join(30)


def subscribed(broker: Mosquitto) -> None:
    """The broker knows the shop's session: what comes from now on is kept for it."""
    with ingesting(broker):
        time.sleep(1)


def comes_to(wanted: Any, read: Callable[[], Any], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while (found := read()) != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    assert found == wanted


def said(delta: Any, **more: Any) -> str:
    return json.dumps({"delta": delta, "reason": "SENSOR", **more})


def message(
    payload: str | bytes, *, number: int = 1, again: bool = False, sku: str = "MUG"
) -> DeviceMessage:
    text = payload.encode() if isinstance(payload, str) else payload
    topic = f"iot/inventory/{sku}/delta"
    return DeviceMessage(topic=topic, payload=text, client="shop", number=number, again=again)


def test_a_message_with_an_id_or_a_time_counts_once_whoever_repeats_it(mug: UUID) -> None:
    for payload in (said(-2, messageId="a"), said(-2, at="2026-01-01T00:00:00Z")):
        first = services.take_device_messages([message(payload, number=1)])
        again = services.take_device_messages([message(payload, number=7)])
        assert (first, again) == (DeviceOutcome(applied=1), DeviceOutcome(repeated=1))
    assert counts(mug) == (46, 0, 0)


def test_two_devices_that_number_their_own_messages_lose_nothing(mug: UUID) -> None:
    stocked(10, at="second", sku_id=mug)
    told = [
        said(-2, messageId=1, deviceId="left"),
        said(-2, messageId=1, deviceId="right"),
        said(-2, messageId=1),
        said(-2, messageId=1, location="second"),
    ]
    batch = [message(payload, number=number) for number, payload in enumerate(told, start=1)]
    assert services.take_device_messages(batch) == DeviceOutcome(applied=4)
    assert services.take_device_messages(batch) == DeviceOutcome(repeated=4)
    assert counts(mug) == (52, 0, 0)


def test_other_units_under_an_id_that_counted_are_kept_for_a_person(mug: UUID) -> None:
    services.take_device_messages([message(said(-2, messageId=1))])
    other = message(said(-3, messageId=1), number=2)
    assert services.take_device_messages([other]) == DeviceOutcome(dead=1)
    assert services.take_device_messages([replace(other, number=3)]) == DeviceOutcome(dead=1)
    letter = DeviceLetter.objects.get()
    assert letter.code == "inventory/message-id-taken"
    assert counts(mug) == (48, 0, 0)
    services.retry_device_letter(letter_id=letter.id, by="op", now=now())
    assert counts(mug) == (45, 0, 0)


def test_without_either_the_brokers_repeat_is_told_from_what_happened_again(mug: UUID) -> None:
    same = said(-2)
    services.take_device_messages([message(same, number=1)])
    services.take_device_messages([message(same, number=2)])
    assert counts(mug) == (46, 0, 0)
    repeats = [message(same, number=n, again=True) for n in (1, 2)]
    assert services.take_device_messages(repeats) == DeviceOutcome(repeated=2)
    # The first time that we see a packet that the broker had sent before: it was never applied.
    unseen = message(same, number=3, again=True)
    assert services.take_device_messages([unseen, unseen]) == DeviceOutcome(
        applied=1, repeated=1, untold=1
    )
    # A number that is used again for something new is not a repeat.
    assert services.take_device_messages([message(same, number=1)]).applied == 1
    assert counts(mug) == (42, 0, 0)


def test_where_an_id_is_required_what_has_none_is_put_aside(mug: UUID) -> None:
    take = partial(services.take_device_messages, id_required=True)
    named, timed, neither = said(-1, messageId="a"), said(-1, at="2026-01-01T00:00:00Z"), said(-2)
    assert take([message(named), message(timed, number=2)]) == DeviceOutcome(applied=2)
    assert take([message(neither, number=3), message("?", number=4)]) == DeviceOutcome(dead=2)
    assert take([message(neither, number=3, again=True)]) == DeviceOutcome(repeated=1)
    assert take([message(neither, number=5)]) == DeviceOutcome(dead=1)
    assert counts(mug) == (48, 0, 0)

    first, second = DeviceLetter.objects.filter(code="inventory/message-without-id")
    assert "messageId" in first.detail
    services.retry_device_letter(letter_id=first.id, by="op", now=now())
    with pytest.raises(NoDeviceLetter):
        services.retry_device_letter(letter_id=first.id, by="op", now=now())
    services.discard_device_letter(letter_id=second.id, by="op", now=now())
    assert services.retry_waiting_letters(now=now()) == 0
    assert counts(mug) == (46, 0, 0)


def test_what_counts_though_it_has_no_id_is_told(mug: UUID) -> None:
    batch = [message(said(-2)), message(said(-1, messageId="a"), number=2)]
    refused = message(said(-100), number=3)
    assert services.take_device_messages([*batch, refused]) == DeviceOutcome(
        applied=2, dead=1, untold=1
    )


RESENDS = st.lists(
    st.tuples(st.integers(-2, 2).filter(bool), st.booleans(), st.booleans(), st.integers(0, 3)),
    min_size=1,
    max_size=8,
)


@hypothesis_settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sent=RESENDS, id_required=st.booleans())
def test_whatever_is_sent_again_the_stock_is_what_was_told_of(
    mug: UUID, sent: list[tuple[int, bool, bool, int]], id_required: bool
) -> None:
    """Each thing that happened is told of with an id or without, once or more often, by the broker or by the device."""
    services.receive_stock(sku_id=mug, quantity=100)
    wanted, numbers = counts(mug)[0], count(1)
    for delta, named, by_broker, more in sent:
        payload = said(delta, **({"messageId": str(new_id())} if named else {}))
        number = next(numbers)
        told = [message(payload, number=number)] + [
            message(payload, number=number, again=True)
            if by_broker
            else message(payload, number=next(numbers))
            for _ in range(more)
        ]
        for one in told:
            services.take_device_messages([one], id_required=id_required)
        if named or not id_required:
            wanted += delta * (1 if named or by_broker else 1 + more)
    assert counts(mug)[0] == wanted


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ("no json", "inventory/bad-message"),
        ("[1]", "inventory/bad-message"),
        (b"\xff\xfe", "inventory/bad-message"),
        (said("2"), "inventory/bad-message"),
        (said(True), "inventory/bad-message"),
        (said(0), "inventory/bad-message"),
        (said(2.5), "inventory/bad-message"),
        (said(10**12), "inventory/bad-message"),
        (said(1, reason=["x"]), "inventory/bad-message"),
        (said(1, reason="\ud800"), "inventory/bad-message"),
        (said(1, messageId="a\udfff"), "inventory/bad-message"),
        (said(1, location="mars"), "inventory/unknown-location"),
        (said(-51), "inventory/insufficient-stock"),
        ("x" * 9_000, "inventory/bad-message"),
        ("[" * 5_000, "inventory/bad-message"),
    ],
)
def test_what_cannot_be_applied_is_kept_and_stops_nothing(
    mug: UUID, payload: Any, code: str
) -> None:
    good = message(said(-1), number=2)
    outcome = services.take_device_messages([message(payload), good])
    assert outcome == DeviceOutcome(applied=1, dead=1, untold=1)
    letter = DeviceLetter.objects.get()
    assert (letter.code, letter.status) == (code, "open")
    assert counts(mug) == (49, 0, 0)


def test_a_letter_is_applied_once_or_discarded(mug: UUID) -> None:
    services.take_device_messages([message(said(-51)), message(said(1), number=2, sku="TEA")])
    short, unknown = DeviceLetter.objects.order_by("code")
    with pytest.raises(Exception, match="does not fit"):
        services.retry_device_letter(letter_id=short.id, by="op", now=now())
    services.receive_stock(sku_id=mug, quantity=10)
    services.retry_device_letter(letter_id=short.id, by="op", now=now())
    with pytest.raises(NoDeviceLetter):
        services.retry_device_letter(letter_id=short.id, by="op", now=now())
    services.discard_device_letter(letter_id=unknown.id, by="op", now=now())
    with pytest.raises(NoDeviceLetter):
        services.discard_device_letter(letter_id=new_id(), by="op", now=now())
    assert counts(mug) == (9, 0, 0)
    assert sorted(DeviceLetter.objects.values_list("status", "attempts")) == [
        ("applied", 2),
        ("discarded", 1),
    ]


def test_the_admin_applies_and_discards(admin_client: Any, mug: UUID) -> None:
    services.take_device_messages([message(said(-51)), message("?", number=2)])
    services.receive_stock(sku_id=mug, quantity=1)
    ids = {one.code: str(one.id) for one in DeviceLetter.objects.all()}
    page = "/admin/inventory/deviceletter/"
    assert admin_client.get(page).status_code == 200
    for action, code in (
        ("retry", "inventory/insufficient-stock"),
        ("discard", "inventory/bad-message"),
    ):
        admin_client.post(page, {"action": action, "_selected_action": [ids[code]]})
    assert sorted(DeviceLetter.objects.values_list("status", flat=True)) == ["applied", "discarded"]
    assert counts(mug) == (0, 0, 0)


@needs_broker
def test_messages_become_movements_with_their_reason(broker: Mosquitto, mug: UUID) -> None:
    with ingesting(broker), device(broker.port) as say:
        time.sleep(1)
        say("MUG", said(-2))
        say(str(mug), json.dumps({"delta": 5, "reason": "RESTOCK"}))
        say("TEA", said(1))
        comes_to((53, 0, 0), lambda: counts(mug))
        comes_to(1, DeviceLetter.objects.count)
    reasons = StockMovement.objects.filter(actor="device").values_list("delta", "reason")
    assert set(reasons) == {(-2, "SENSOR"), (5, "RESTOCK")}


@needs_broker
def test_what_comes_while_we_are_away_is_kept_for_us(broker: Mosquitto, mug: UUID) -> None:
    subscribed(broker)
    with device(broker.port) as say:
        for _ in range(20):
            say("MUG", said(-1))
    assert counts(mug) == (50, 0, 0)
    with ingesting(broker):
        comes_to((30, 0, 0), lambda: counts(mug))


@needs_broker
def test_repeated_and_reordered_messages_end_in_the_same_stock(
    broker: Mosquitto, mug: UUID
) -> None:
    """Two hundred units go out before the two hundred that they were of come in, each told three times."""
    with ingesting(broker), device(broker.port) as say:
        time.sleep(1)
        for round_ in range(3):
            for number in range(20):
                say("MUG", said(-10, messageId=f"out-{number}"), wait=False)
            if round_:
                say("MUG", said(200, messageId="in"))
        comes_to(21, StockMovement.objects.filter(actor="device").count)
        comes_to(0, DeviceLetter.objects.filter(status="open").count)
    assert counts(mug) == (50, 0, 0)
    assert services.audit_stock().clean


@needs_broker
def test_a_killed_broker_that_comes_back_has_lost_nothing(broker: Mosquitto, mug: UUID) -> None:
    with ingesting(broker):
        time.sleep(1)
        with device(broker.port) as say:
            for _ in range(10):
                say("MUG", said(-1))
        time.sleep(1.5)  # the broker writes its file once a second
        broker.kill()
        time.sleep(1)
        broker.start()
        with device(broker.port) as say:
            for _ in range(10):
                say("MUG", said(-1))
        comes_to((30, 0, 0), lambda: counts(mug))
        time.sleep(2)
    assert counts(mug) == (30, 0, 0)


@needs_broker
def test_killed_between_commit_and_acknowledgement_nothing_counts_twice(
    broker: Mosquitto, mug: UUID
) -> None:
    subscribed(broker)
    with device(broker.port) as say:
        for _ in range(30):
            say("MUG", said(-1))
    killed_before_acknowledging(broker)
    applied = 50 - counts(mug)[0]
    assert applied > 0
    with ingesting(broker):
        comes_to((20, 0, 0), lambda: counts(mug))
        time.sleep(1)
    assert counts(mug) == (20, 0, 0)
    assert services.audit_stock().clean


def killed_before_acknowledging(broker: Mosquitto) -> None:
    """Ingest in a process that dies by SIGKILL once its first batch is committed."""
    connection.close()
    child = os.fork()
    if child == 0:
        steps.arm("inventory.before_device_ack", lambda: os.kill(os.getpid(), signal.SIGKILL))
        Ingest(Broker(url=broker.url, client_id="shop")).run(lambda: False)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


@needs_broker
def test_the_broker_tells_when_we_are_gone(broker: Mosquitto) -> None:
    heard: list[str] = []
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.on_message = lambda _client, _data, one: heard.append(one.payload.decode())
    client.connect("127.0.0.1", broker.port)
    client.subscribe(STATUS, qos=1)
    client.loop_start()
    try:
        with ingesting(broker):
            comes_to(["online"], lambda: heard)
        comes_to(["online", "offline"], lambda: heard)
        with device(broker.port) as say:
            say("MUG", said(-1))
        killed_before_acknowledging(broker)
        comes_to(["online", "offline", "online", "offline"], lambda: heard)
    finally:
        client.disconnect()
        client.loop_stop()


@needs_broker
def test_it_comes_by_tls_with_a_name_and_a_password(tmp_path: Path, mug: UUID) -> None:
    key, certificate, passwords = (tmp_path / name for name in ("key", "certificate", "passwords"))
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    subprocess.run(
        ["mosquitto_passwd", "-b", "-c", str(passwords), "shop", "p@ss"],
        check=True,
        capture_output=True,
        env={**os.environ, "PATH": PATH},
    )
    secured = (
        f"certfile {certificate}\nkeyfile {key}\nallow_anonymous false\npassword_file {passwords}"
    )
    broker = Mosquitto(tmp_path, free_port(), more=secured)
    broker.start()
    heard = (tmp_path / "log").read_text
    wrong, right = (f"mqtts://shop:{word}@localhost:{broker.port}" for word in ("no", "p%40ss"))
    try:
        with ingesting(broker, url=wrong, ca=str(certificate)):
            comes_to(True, lambda: "not authorised" in heard())
        with ingesting(broker, url=right, ca=str(certificate)):
            comes_to(True, lambda: "u'shop'" in heard())
    finally:
        broker.kill()
