"""Alerts: triggered once, resolved once, told to whom it concerns, and quiet in between."""

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import transaction

from apps.inventory import services
from apps.inventory.domain.alerting import MAX_TRIES
from apps.inventory.models import AlertInstance, AlertMessage
from apps.inventory.tests.factories import location, order_of, stocked
from apps.inventory.types import AdjustStock, LotUnits, StockWatch, Tracking, Watch, WatchStock
from ecommerce import clock
from ecommerce.events.testing import published
from ecommerce.identity import Viewer
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


def at(seconds: float = 0) -> datetime:
    return clock.now() + timedelta(seconds=seconds)


def watched(watch: Watch, threshold: int, **fields: Any) -> StockWatch:
    command = WatchStock(name="stock", watch=watch, threshold=threshold, **fields)
    return services.watch_stock(command)


def adjust(sku: UUID, delta: int, place: str = "main") -> None:
    services.adjust_stock(AdjustStock(sku_id=sku, delta=delta, reason="x", location=place))


def states() -> list[str]:
    return list(AlertInstance.objects.order_by("since", "id").values_list("state", flat=True))


def told() -> list[str]:
    prefix = "ecommerce.inventory.alert."
    return [
        one.event_type.removeprefix(prefix).removesuffix(".v1")
        for one in published()
        if one.event_type.startswith(prefix)
    ]


def test_low_stock_is_told_once_and_resolved_once() -> None:
    mug = stocked(10)
    watched(Watch.LOW, 5)
    assert services.look_at_stock(now=at()) == 0
    adjust(mug, -5)
    assert services.look_at_stock(now=at()) == 1
    assert services.look_at_stock(now=at(60)) == 0
    adjust(mug, 1)
    assert services.look_at_stock(now=at(120)) == 1
    assert services.look_at_stock(now=at(180)) == 0
    assert (states(), told()) == (["RESOLVED"], ["triggered", "resolved"])

    adjust(mug, -1)
    assert services.look_at_stock(now=at(240)) == 1
    assert states() == ["RESOLVED", "TRIGGERED"]


def test_what_goes_up_and_down_at_the_threshold_does_not_flap() -> None:
    mug = stocked(5)
    watched(Watch.LOW, 5, clear_by=3, for_seconds=60)
    services.look_at_stock(now=at())
    assert states() == ["PENDING"]
    adjust(mug, 1)
    services.look_at_stock(now=at(30))
    assert states() == []  # it did not last

    adjust(mug, -1)
    services.look_at_stock(now=at(60))
    services.look_at_stock(now=at(121))
    assert states() == ["TRIGGERED"]
    for turn in range(6):
        adjust(mug, 1 if turn % 2 == 0 else -1)
        services.look_at_stock(now=at(200 + 100 * turn))
    assert (states(), told()) == (["TRIGGERED"], ["triggered"])

    adjust(mug, 5)
    services.look_at_stock(now=at(1000))
    adjust(mug, -5)
    services.look_at_stock(now=at(1030))  # clear for half a minute only
    adjust(mug, 5)
    services.look_at_stock(now=at(1040))
    services.look_at_stock(now=at(1090))
    assert states() == ["TRIGGERED"]
    services.look_at_stock(now=at(1101))
    assert (states(), told()) == (["RESOLVED"], ["triggered", "resolved"])


def test_a_sale_is_looked_at_when_it_happens(drain: Any) -> None:
    mug, tea = stocked(3), stocked(1)
    watched(Watch.LOW, 1, sku_id=mug)
    services.reserve_stock(order_of({mug: 2, tea: 1}))
    drain()
    drain()
    assert list(AlertInstance.objects.values_list("sku_id", "value")) == [(mug, 1)]


def test_each_location_or_all_together() -> None:
    mug = stocked(3)
    stocked(9, at="north", sku_id=mug)
    watched(Watch.LOW, 5)
    here = watched(Watch.LOW, 5, location="main")
    services.look_at_stock(now=at())
    assert AlertInstance.objects.get().rule_id == here.id


def test_too_much_too_still_too_often_gone() -> None:
    mug, tea = stocked(100), stocked(4)
    rules = [
        watched(Watch.OVER, 50),
        watched(Watch.NO_MOVEMENT, 30),
        watched(Watch.STOCKOUT_RATE, 50),
    ]
    services.look_at_stock(now=at())
    assert {one.rule_id for one in AlertInstance.objects.all()} == {rules[0].id}
    adjust(tea, -4)
    services.look_at_stock(now=at(31 * 86400))
    found = AlertInstance.objects.exclude(rule_id=rules[0].id).values_list(
        "rule_id", "sku_id", "value"
    )
    assert set(found) == {(rules[1].id, mug, 31), (rules[2].id, None, 50)}


def test_what_expires_soon_is_told() -> None:
    location()
    cheese = new_id()
    services.track_sku(Tracking(sku_id=cheese, lots=True))
    today = clock.now().date()
    for code, days in (("A", 40), ("B", 10)):
        services.receive_stock(
            sku_id=cheese,
            quantity=1,
            lots=(LotUnits(code=code, quantity=1, expires_on=today + timedelta(days=days)),),
        )
    watched(Watch.EXPIRING, 14)
    services.look_at_stock(now=at())
    assert AlertInstance.objects.get().value == 10


def test_a_rule_that_stopped_looks_no_more() -> None:
    stocked(1)
    rule = watched(Watch.LOW, 5)
    services.change_alert_rule(rule_id=rule.id, changes={"active": False})
    assert services.look_at_stock(now=at()) == 0


def test_one_mail_for_all_that_is_new(mailoutbox: Any) -> None:
    for _ in range(3):
        stocked(1)
    watched(Watch.LOW, 5, emails=("ada@shop.example", "bob@shop.example"))
    services.look_at_stock(now=at())

    assert services.send_alert_messages(now=at()) == 2
    assert services.send_alert_messages(now=at(600)) == 0

    assert sorted(one.to[0] for one in mail.outbox) == ["ada@shop.example", "bob@shop.example"]
    assert mail.outbox[0].subject == "stock: 3 new, 0 resolved"
    assert mail.outbox[0].body.count("triggered:") == 3


@pytest.fixture
def hook() -> Iterator[tuple[str, list[tuple[str, bytes]], list[int]]]:
    """A webhook of somebody's: its address, what it got, and what it answers next."""
    got: list[tuple[str, bytes]] = []
    answers: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.headers["Shop-Signature"], body))
            self.send_response(answers.pop(0) if answers else 204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/alerts", got, answers
    server.shutdown()


def test_a_webhook_is_signed_and_repeated_until_it_is_taken(hook: Any, settings: Any) -> None:
    import hashlib
    import hmac

    settings.ALERT_WEBHOOKS_MAY_BE_PRIVATE = True
    url, got, answers = hook
    answers += [500]
    mug = stocked(1)
    rule = watched(Watch.LOW, 5, webhook_url=url)
    services.look_at_stock(now=at())

    assert services.send_alert_messages(now=at()) == 0
    assert AlertMessage.objects.get().last_error == "it answered 500"
    assert services.send_alert_messages(now=at(5)) == 0  # it waits
    assert services.send_alert_messages(now=at(11)) == 1

    assert len(got) == 2
    signature, body = got[-1]
    stamp, digest = (part.split("=")[1] for part in signature.split(","))
    wanted = hmac.new(rule.webhook_secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    assert digest == wanted.hexdigest()
    assert json.loads(body)["alerts"][0]["skuId"] == str(mug)


def test_a_webhook_does_not_reach_into_our_network(hook: Any) -> None:
    url, got, _ = hook
    stocked(1)
    watched(Watch.LOW, 5, webhook_url=url)
    services.look_at_stock(now=at())
    assert services.send_alert_messages(now=at()) == 0
    assert got == []
    assert AlertMessage.objects.get().tries == 1


def test_what_nobody_takes_is_given_up_loudly(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    stocked(1)
    watched(Watch.LOW, 5, webhook_url="http://127.0.0.1:9/x")
    services.look_at_stock(now=at())
    for turn in range(MAX_TRIES):
        services.send_alert_messages(now=at(turn * 10_000))
    assert AlertMessage.objects.get().state == "given_up"
    assert [record.levelname for record in caplog.records if "did not reach" in record.getMessage()][-1] == "ERROR"  # fmt: skip


def test_a_change_undone_tells_nobody() -> None:
    stocked(1)
    watched(Watch.LOW, 5, emails=("ada@shop.example",))
    with transaction.atomic():
        services.look_at_stock(now=at())
        transaction.set_rollback(True)
    assert not AlertMessage.objects.exists()


def test_rules_through_the_public_door(api: Any) -> None:
    url = "/api/v1/inventory/alerts/rules"
    body = {"name": "low", "watch": "low", "threshold": 5, "webhookUrl": "https://hooks.example/x"}
    api.force_authenticate(user=Viewer(user_id=new_id()))
    api.json_of("POST", url, body, status=403)
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"operator"})))
    location()
    rule = api.json_of("POST", url, body | {"locationId": "main"}, status=201)
    assert len(rule["webhookSecret"]) == 64
    one = f"{url}/{rule['ruleId']}"
    assert "webhookSecret" not in api.json_of("GET", one, status=200)
    assert api.json_of("PATCH", one, {"threshold": 7}, status=200)["threshold"] == 7
    stocked(6)
    services.look_at_stock(now=at())
    (alert,) = api.json_of("GET", f"{one}/instances", status=200)["results"]
    assert (alert["state"], alert["value"], alert["locationId"]) == ("TRIGGERED", 6, "main")
    assert (
        len(api.json_of("GET", "/api/v1/inventory/alerts?state=TRIGGERED", status=200)["results"])
        == 1
    )
    for bad in ({"watch": "x"}, {"threshold": -1}, {"emails": ["x"]}, {"webhookUrl": "ftp"}):
        api.json_of("POST", url, body | bad, status=422)
    api.json_of("POST", url, body | {"locationId": "mars"}, status=404)
    api.json_of("DELETE", one, None, status=204)
    api.json_of("GET", f"{one}/instances", status=404)
