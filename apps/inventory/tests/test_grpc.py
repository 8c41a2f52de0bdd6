"""The gRPC door: a real server and real channels before the real database."""

import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import grpc
import psycopg
import pytest
from django.db import connection, transaction
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2 as detail
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

from apps.accounts.tests.factories import person, signed_in
from apps.catalog import services as catalog
from apps.inventory import services
from apps.inventory.grpc import inventory_pb2 as pb
from apps.inventory.grpc.service import INVENTORY
from apps.inventory.models import Reservation
from apps.inventory.tests.factories import counts, stocked
from apps.inventory.tests.grpc_door import Caller, open_door, refusal, told
from apps.inventory.types import SetPolicy
from ecommerce.events.testing import published
from ecommerce.identity import SYSTEM
from ecommerce.ids import new_id
from ecommerce.operations.metrics import GRPC_REQUESTS

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]
Code = grpc.StatusCode


@pytest.fixture
def address() -> Iterator[str]:
    with open_door() as address:
        yield address


@pytest.fixture
def channel(address: str) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(address) as channel:
        yield channel


@pytest.fixture
def operator(channel: grpc.Channel) -> Caller:
    return Caller(channel, signed_in(person("op@example.com", "operator")).access_token)


@pytest.fixture
def mug(monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A SKU with the code MUG of which five are on hand; the catalog knows it and no other."""
    sku_id = stocked(5)
    known = SimpleNamespace(id=sku_id, code="MUG", seller="acme")

    def find_skus(*, ids: Any = (), codes: Any = ()) -> Mapping[UUID, Any]:
        return {sku_id: known} if sku_id in ids or "MUG" in codes else {}

    monkeypatch.setattr(catalog, "find_skus", find_skus)
    return sku_id


def wish(units: int, *, order_id: UUID | None = None, **fields: Any) -> pb.ReserveRequest:
    items = [pb.Item(sku="MUG", quantity=units)]
    return pb.ReserveRequest(order_id=str(order_id or new_id()), items=items, **fields)


def placed(*places: str) -> pb.ReserveRequest:
    item = pb.Item(sku="MUG", quantity=1, location_preference=places)
    return pb.ReserveRequest(order_id=str(new_id()), items=[item])


def refused(caller: Caller, method: str, request: Any, **options: Any) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        caller.call(method, request, **options)
    return caught.value


def code_of(error: grpc.RpcError) -> grpc.StatusCode:
    code = error.code()
    assert isinstance(code, Code)
    return code


def test_an_order_holds_stock_and_gives_it_back(operator: Caller, mug: UUID) -> None:
    held = operator.call("ReserveStock", wish(2)).reservation
    assert held.status == pb.RESERVATION_STATUS_RESERVED
    assert [(item.sku_id, item.location, item.quantity) for item in held.items] == [
        (str(mug), "main", 2)
    ]
    assert counts(mug) == (5, 2, 0)

    request = pb.ReleaseRequest(reservation_id=held.reservation_id, reason="not wanted")
    released = operator.call("ReleaseStock", request).reservation
    assert released.status == pb.RESERVATION_STATUS_RELEASED
    assert operator.call("ReleaseStock", request).reservation == released
    assert counts(mug) == (5, 0, 0)


def test_a_repeat_answers_with_the_first_reservation(operator: Caller, mug: UUID) -> None:
    request = wish(2)
    assert operator.call("ReserveStock", request) == operator.call("ReserveStock", request)
    assert counts(mug) == (5, 2, 0)


def test_other_items_for_the_same_order_are_refused_and_what_differs_is_said(
    operator: Caller, mug: UUID
) -> None:
    order_id = new_id()
    operator.call("ReserveStock", wish(2, order_id=order_id))
    for other in (wish(3, order_id=order_id), wish(3, order_id=order_id, hold=pb.HOLD_TYPE_HARD)):
        error = refused(operator, "ReserveStock", other)
        assert code_of(error) is Code.FAILED_PRECONDITION
        assert told(error, detail.ErrorInfo).reason == "INVENTORY_RESERVATION_DIFFERS"
        assert list(told(error, pb.Differences).items) == [
            pb.Difference(sku_id=str(mug), first=2, now=3)
        ]
    assert counts(mug) == (5, 2, 0)


def test_a_part_is_held_where_the_caller_takes_parts(operator: Caller, mug: UUID) -> None:
    request = wish(7, allow_partial=True, reference="cart:1")
    held = operator.call("ReserveStock", request).reservation
    assert [(item.quantity, item.location) for item in held.items] == [(5, "main")]
    assert list(held.short) == [pb.Shortage(sku_id=str(mug), requested=7, available=5)]
    assert held.reference == "cart:1"
    assert operator.call("ReserveStock", request).reservation == held
    assert counts(mug) == (5, 5, 0)
    nothing = refused(operator, "ReserveStock", wish(1, allow_partial=True))
    assert code_of(nothing) is Code.FAILED_PRECONDITION
    hard = wish(7, order_id=UUID(request.order_id), allow_partial=True, hold=pb.HOLD_TYPE_HARD)
    assert operator.call("ReserveStock", hard).reservation.short == held.short
    assert counts(mug) == (5, 0, 5)


def test_items_come_from_the_locations_that_are_named(operator: Caller, mug: UUID) -> None:
    stocked(3, at="north", priority=90, sku_id=mug)

    def item(units: int, *places: str, only: bool = False) -> pb.ReserveRequest:
        items = [pb.Item(sku="MUG", quantity=units, location_preference=places, only=only)]
        return pb.ReserveRequest(order_id=str(new_id()), items=items)

    held = operator.call("ReserveStock", item(2, "north")).reservation
    assert [(one.location, one.quantity) for one in held.items] == [("north", 2)]
    short = refused(operator, "ReserveStock", item(2, "north", only=True))
    assert told(short, pb.Shortages).items[0].available == 1
    part = item(2, "north", only=True)
    part.allow_partial = True
    assert operator.call("ReserveStock", part).reservation.items[0].quantity == 1


def test_kits_and_what_is_waited_for_are_told(operator: Caller, mug: UUID) -> None:
    day = datetime(2100, 1, 1, tzinfo=UTC)
    services.set_policy(
        SetPolicy(sku_id=mug, oversell="backorder", oversell_limit=9, promised_at=day), actor=SYSTEM
    )
    late = operator.call("ReserveStock", wish(7)).reservation.backordered[0]
    assert (late.sku_id, late.quantity, late.filled, late.open) == (str(mug), 2, 0, 2)
    assert late.promised_at.ToDatetime(UTC) == day
    services.set_kit(sku_id=mug, components={stocked(4): 2}, actor=SYSTEM)
    kits = operator.call("ReserveStock", wish(2)).reservation.kits
    assert list(kits) == [pb.HeldKit(sku_id=str(mug), quantity=2)]


def test_who_asks_too_often_is_told_when_to_come_again(
    operator: Caller, channel: grpc.Channel, mug: UUID, settings: Any
) -> None:
    settings.RATE_LIMIT_SCALE = 1.0
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "grpc": "3/second"}
    other = Caller(channel, signed_in(person("two@example.com", "operator")).access_token)
    query = pb.StockQuery(skus=["MUG"])

    def ask_on() -> None:
        for _ in range(40):
            operator.call("ReserveStock", wish(1))

    with pytest.raises(grpc.RpcError) as caught:
        ask_on()

    error = caught.value
    assert code_of(error) is Code.RESOURCE_EXHAUSTED
    assert told(error, detail.ErrorInfo).reason == "TOO_MANY_REQUESTS"
    wait = told(error, detail.RetryInfo).retry_delay.seconds
    assert wait >= 1
    assert other.call("QueryStock", query).skus[0].on_hand == 5
    time.sleep(wait)
    assert operator.call("QueryStock", query).skus[0].reserved == Reservation.objects.count()


def test_every_method_has_a_limit(settings: Any) -> None:
    assert {method.scope for method in INVENTORY.methods.values()} <= settings.RATE_LIMITS.keys()


def test_a_hold_lasts_as_long_as_it_is_asked_to(operator: Caller, mug: UUID) -> None:
    held = operator.call("ReserveStock", wish(1, ttl=Duration(seconds=90))).reservation
    lasts = held.expires_at.ToDatetime() - held.created_at.ToDatetime()
    assert 85 < lasts.total_seconds() < 95


def test_a_hard_hold_is_allocated_at_once(operator: Caller, mug: UUID) -> None:
    held = operator.call("ReserveStock", wish(2, hold=pb.HOLD_TYPE_HARD)).reservation
    assert (held.status, counts(mug)) == (pb.RESERVATION_STATUS_CONFIRMED, (5, 0, 2))


def test_stock_is_told_by_code_or_id_and_by_location(operator: Caller, mug: UUID) -> None:
    stocked(3, at="north", sku_id=mug)
    both = operator.call("QueryStock", pb.StockQuery(skus=["MUG", str(mug)], include_levels=True))
    assert [(one.sku, one.on_hand, one.available) for one in both.skus] == [
        ("MUG", 8, 8),
        (str(mug), 8, 8),
    ]
    assert {level.location: level.on_hand for level in both.skus[0].levels} == {
        "main": 5,
        "north": 3,
    }
    north = operator.call("QueryStock", pb.StockQuery(skus=["MUG"], location="north"))
    assert (north.skus[0].on_hand, len(north.skus[0].levels)) == (3, 0)
    assert north.as_of.seconds > 0


def test_too_little_says_of_what_and_how_much(operator: Caller, mug: UUID) -> None:
    error = refused(operator, "ReserveStock", wish(6))
    assert code_of(error) is Code.FAILED_PRECONDITION
    assert told(error, detail.ErrorInfo).reason == "INVENTORY_OUT_OF_STOCK"
    assert list(told(error, pb.Shortages).items) == [
        pb.Shortage(sku_id=str(mug), requested=6, available=5)
    ]
    assert counts(mug) == (5, 0, 0)
    assert len(published("ecommerce.inventory.reservation.failed.v1")) == 1


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (pb.ReserveRequest(order_id="one", items=[pb.Item(sku="MUG", quantity=1)]), "order_id"),
        (pb.ReserveRequest(order_id=str(new_id())), "items"),
        (wish(0), "items.0.quantity"),
        (wish(-3), "items.0.quantity"),
        (wish(1, ttl=Duration(seconds=0)), "ttl"),
        (wish(1, ttl=Duration(seconds=10**9)), "ttl"),
        (pb.ReserveRequest(order_id=str(new_id()), items=[pb.Item(sku="x" * 101, quantity=1)]), "items.0.sku"),
        (pb.ReserveRequest(order_id=str(new_id()), items=[pb.Item(sku="a", quantity=1)] * 501), "items"),
        (wish(1, reference="x" * 101), "reference"),
        (placed("x" * 41), "items.0.location_preference"),
        (placed(""), "items.0.location_preference"),
        (placed(*["main"] * 21), "items.0.location_preference"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(operator: Caller, mug: UUID, request_: Any, field: str) -> None:
    error = refused(operator, "ReserveStock", request_)
    assert code_of(error) is Code.INVALID_ARGUMENT
    assert told(error, detail.BadRequest).field_violations[0].field == field
    assert Reservation.objects.count() == 0


def test_what_is_not_there_is_named(operator: Caller, mug: UUID) -> None:
    error = refused(operator, "QueryStock", pb.StockQuery(skus=["MUG", "TEA"]))
    assert code_of(error) is Code.NOT_FOUND
    assert told(error, detail.ResourceInfo).resource_name == "TEA"
    nobody = pb.ReleaseRequest(order_id=str(new_id()))
    assert code_of(refused(operator, "ReleaseStock", nobody)) is Code.NOT_FOUND
    mars = pb.StockQuery(skus=["MUG"], location="mars")
    assert code_of(refused(operator, "QueryStock", mars)) is Code.NOT_FOUND


@pytest.mark.parametrize("method", ["ReserveStock", "ReleaseStock", "QueryStock"])
def test_only_operators_are_answered(channel: grpc.Channel, mug: UUID, method: str) -> None:
    requests = {
        "ReserveStock": wish(1),
        "ReleaseStock": pb.ReleaseRequest(order_id=str(new_id())),
        "QueryStock": pb.StockQuery(skus=["MUG"]),
    }
    shopper = signed_in(person("ada@example.com")).access_token
    outcomes = [
        code_of(refused(Caller(channel, token), method, requests[method]))
        for token in ("", "no.such.token", shopper)
    ]
    assert outcomes == [Code.UNAUTHENTICATED, Code.UNAUTHENTICATED, Code.PERMISSION_DENIED]
    assert counts(mug) == (5, 0, 0)


def test_a_call_that_outlives_its_deadline_changes_nothing(operator: Caller, mug: UUID) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM inventory_stocklevel WHERE sku_id = %s FOR UPDATE", [mug])
        error = refused(operator, "ReserveStock", wish(1), timeout=0.4)
        time.sleep(0.4)  # the server's own statement has been cut by now, with the row still locked
    assert code_of(error) is Code.DEADLINE_EXCEEDED
    assert operator.call("QueryStock", pb.StockQuery(skus=["MUG"])).skus[0].reserved == 0
    assert Reservation.objects.count() == 0


def test_a_call_whose_deadline_passed_in_the_queue_is_not_begun(mug: UUID) -> None:
    token = signed_in(person("op@example.com", "operator")).access_token
    with open_door(threads=1) as address, grpc.insecure_channel(address) as channel:
        operator = Caller(channel, token)
        operator.call("QueryStock", pb.StockQuery(skus=["MUG"]))
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT FROM inventory_stocklevel WHERE sku_id = %s FOR UPDATE", [mug]
                )
            first = threading.Thread(
                target=refused, args=(operator, "ReserveStock", wish(1)), kwargs={"timeout": 1.0}
            )
            first.start()
            time.sleep(0.2)
            late = refused(operator, "ReserveStock", wish(1), timeout=0.2)
            first.join(5)
            time.sleep(0.4)
        assert code_of(late) is Code.DEADLINE_EXCEEDED
        assert operator.call("QueryStock", pb.StockQuery(skus=["MUG"])).skus[0].reserved == 0


def test_sixty_four_buyers_of_a_hot_sku_get_what_there_is(
    operator: Caller, channel: grpc.Channel, mug: UUID
) -> None:
    services.receive_stock(sku_id=mug, quantity=35)
    token = operator.metadata[0][1].removeprefix("Bearer ")

    def buy(_: int) -> str:
        request = wish(1)
        try:
            Caller(channel, token).call("ReserveStock", request)
        except grpc.RpcError as error:
            return code_of(error).name
        Caller(channel, token).call("ReserveStock", request)  # a nervous client asks again
        return "held"

    with ThreadPoolExecutor(64) as buyers:
        outcomes = Counter(buyers.map(buy, range(64)))

    assert outcomes == {"held": 40, "FAILED_PRECONDITION": 24}
    assert counts(mug) == (40, 40, 0)
    assert services.audit_stock().clean


def test_ids_come_back_and_calls_are_counted(operator: Caller, mug: UUID) -> None:
    counter = GRPC_REQUESTS.labels("/ecommerce.inventory.v1.Inventory/QueryStock", "OK")
    before = counter._value.get()
    _, metadata = operator.call_in_full(
        "QueryStock", pb.StockQuery(skus=["MUG"]), correlation_id="order-7",
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )  # fmt: skip
    assert metadata["correlation-id"] == "order-7"
    assert metadata["traceparent"].startswith("00-0af7651916cd43dd8448eb211c80319c-")
    assert counter._value.get() == before + 1


def test_an_oversized_request_is_refused_unread(operator: Caller, mug: UUID) -> None:
    error = refused(operator, "QueryStock", pb.StockQuery(skus=["x" * 100] * 5_000))
    assert code_of(error) is Code.RESOURCE_EXHAUSTED


@pytest.mark.parametrize("junk", [b"\xff" * 10, b"\x0a\x02\xff\xfe"])
def test_bytes_that_are_no_message_are_the_callers_fault(
    channel: grpc.Channel, operator: Caller, junk: bytes
) -> None:
    send: Any = channel.unary_unary("/ecommerce.inventory.v1.Inventory/QueryStock")
    for metadata, code in ((operator.metadata, Code.INVALID_ARGUMENT), ((), Code.UNAUTHENTICATED)):
        with pytest.raises(grpc.RpcError) as caught:
            send(junk, metadata=metadata, timeout=30)
        assert code_of(caught.value) is code
        assert told(caught.value, detail.RequestInfo).request_id


def test_a_bug_of_ours_tells_nothing_but_an_id(
    operator: Caller, mug: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: Any) -> Any:
        raise RuntimeError("a secret")

    monkeypatch.setattr(services, "read_stock", broken)
    error = refused(operator, "QueryStock", pb.StockQuery(skus=["MUG"]), correlation_id="bug-1")
    assert code_of(error) is Code.INTERNAL
    assert "secret" not in str(refusal(error))
    assert told(error, detail.RequestInfo).request_id == "bug-1"


def test_reflection_lists_the_contract(channel: grpc.Channel) -> None:
    known = ProtoReflectionDescriptorDatabase(channel)
    assert "ecommerce.inventory.v1.Inventory" in known.get_services()
    file = known.FindFileContainingSymbol("ecommerce.inventory.v1.Inventory")
    assert [method.name for method in file.service[0].method] == [
        "ReserveStock",
        "ReleaseStock",
        "QueryStock",
    ]


@contextmanager
def closed_database() -> Iterator[None]:
    """Nobody gets in, and whoever was in is sent away."""
    name = connection.settings_dict["NAME"]
    connection.close()
    parameters = {**connection.get_connection_params(), "dbname": "postgres"}
    known = {
        key: parameters[key]
        for key in ("dbname", "host", "port", "user", "password")
        if key in parameters
    }
    with psycopg.connect(**known, autocommit=True) as outside:
        outside.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        outside.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            outside.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def test_health_turns_with_the_database(operator: Caller, channel: grpc.Channel, mug: UUID) -> None:
    stub: Any = health_pb2_grpc.HealthStub(channel)
    serving, not_serving = (
        health_pb2.HealthCheckResponse.SERVING,
        health_pb2.HealthCheckResponse.NOT_SERVING,
    )

    def turned_to(status: int) -> bool:
        deadline = time.monotonic() + 15
        name = "ecommerce.inventory.v1.Inventory"
        while time.monotonic() < deadline:
            if stub.Check(health_pb2.HealthCheckRequest(service=name)).status == status:
                return True
            time.sleep(0.05)
        return False

    assert turned_to(serving)
    operator.call("QueryStock", pb.StockQuery(skus=["MUG"]))
    with closed_database():
        assert turned_to(not_serving)
        error = refused(operator, "QueryStock", pb.StockQuery(skus=["MUG"]))
        assert code_of(error) is Code.UNAVAILABLE
        assert told(error, detail.RetryInfo).retry_delay.seconds == 1
    assert turned_to(serving)
    assert operator.call("QueryStock", pb.StockQuery(skus=["MUG"])).skus[0].on_hand == 5


def test_what_runs_is_finished_when_the_server_is_asked_to_stop(mug: UUID) -> None:
    token = signed_in(person("op@example.com", "operator")).access_token
    outcome: list[Any] = []

    def reserve(channel: grpc.Channel) -> None:
        outcome.append(Caller(channel, token).call("ReserveStock", wish(1)))

    with open_door() as address:
        channel = grpc.insecure_channel(address)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT FROM inventory_stocklevel WHERE sku_id = %s FOR UPDATE", [mug]
                )
            buyer = threading.Thread(target=reserve, args=(channel,))
            buyer.start()
            time.sleep(0.5)
    buyer.join(10)
    channel.close()
    assert len(outcome) == 1
    assert counts(mug) == (5, 1, 0)


def test_the_generated_code_is_that_of_the_contract(tmp_path: Path) -> None:
    subprocess.run([ROOT / "scripts" / "proto", tmp_path], check=True, capture_output=True)
    for made in tmp_path.rglob("*_pb2.py*"):
        assert made.read_text() == (ROOT / made.relative_to(tmp_path)).read_text()
    assert len(list(tmp_path.rglob("*_pb2.pyi"))) == 1


def test_with_a_certificate_callers_come_by_tls(mug: UUID, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    token = signed_in(person("op@example.com", "operator")).access_token
    query = pb.StockQuery(skus=["MUG"])
    with open_door(certificate=str(certificate), key=str(key)) as address:
        trusted = grpc.ssl_channel_credentials(certificate.read_bytes())
        with grpc.secure_channel(address.replace("127.0.0.1", "localhost"), trusted) as channel:
            assert Caller(channel, token).call("QueryStock", query).skus[0].on_hand == 5
        with grpc.insecure_channel(address) as channel:
            error = refused(Caller(channel, token), "QueryStock", query, timeout=3)
            assert code_of(error) is Code.UNAVAILABLE


def test_an_order_that_gave_its_stock_back_does_not_hold_again(operator: Caller, mug: UUID) -> None:
    request = wish(2)
    operator.call("ReserveStock", request)
    operator.call("ReleaseStock", pb.ReleaseRequest(order_id=request.order_id))

    assert code_of(refused(operator, "ReserveStock", request)) is Code.FAILED_PRECONDITION
    assert counts(mug) == (5, 0, 0)
