"""A small shop front for the tests of the kernel: one view for each thing that it promises."""

import time
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import SuspiciousOperation
from django.db import IntegrityError, OperationalError, connection
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from ecommerce.errors import Conflict, Fault, Invalid, NotFound
from ecommerce.http import (
    AUTHENTICATED,
    APIView,
    MoneyField,
    OkJson,
    ReadyView,
    Serializer,
    etag_of,
    idempotent,
    read_body,
    read_query,
    require_version,
    viewer_of,
)
from ecommerce.http.wire import to_json
from ecommerce.identity import MERCHANDISER
from ecommerce.money import Money


class OutOfMugs(Conflict):
    code = "mugs/out-of-stock"


class LineIn(Serializer):
    sku_code = serializers.CharField(max_length=20)
    quantity = serializers.IntegerField(min_value=1)


class OrderIn(Serializer):
    unit_price = MoneyField(min_amount=0)
    gift_note = serializers.CharField(required=False, allow_blank=True)
    lines = LineIn(many=True)
    extra_notes = serializers.DictField(child=serializers.CharField(), required=False)
    total_minor = serializers.IntegerField(required=False)

    def validate_gift_note(self, note: str) -> str:
        if note == "rude":
            raise serializers.ValidationError("Be kind.", code="rude")
        return note


@dataclass(frozen=True, kw_only=True)
class Parcel:
    weight_grams: int
    declared_value: Money
    free_words: dict[str, str]


class ParcelOut(Serializer):
    weight_grams = serializers.IntegerField()
    declared_value = MoneyField()
    free_words = serializers.DictField()
    is_heavy = serializers.SerializerMethodField()

    def get_is_heavy(self, parcel: Parcel) -> bool:
        return parcel.weight_grams > 1000


class Orders(APIView):
    def post(self, request: Request) -> Response:
        return Response(sorted(read_body(request, OrderIn)), status=201)


class Parcels(APIView):
    def get(self, request: Request) -> Response:
        value = Money(1999, "EUR")
        parcel = Parcel(weight_grams=5, declared_value=value, free_words={"snake_key": "x"})
        return Response(ParcelOut(parcel).data)


class Filter(Serializer):
    max_price = serializers.IntegerField(required=False)


class Filters(APIView):
    def get(self, request: Request) -> Response:
        return Response(read_query(request, Filter))


class Refusals(APIView):
    """Raises what the path names."""

    def get(self, request: Request, name: str) -> Response:
        match name:
            case "conflict":
                lines = [{"sku_id": "a", "requested": 2, "available": 1}]
                raise OutOfMugs("Only one mug is left.", lines=lines)
            case "fault":
                fault = Fault(pointer="/unit_price/amount", detail="Too dear.", code="too-dear")
                raise Invalid("No.", faults=[fault])
            case "suspicious":
                raise SuspiciousOperation("with a secret inside")
            case "lost":
                raise OperationalError("password=hunter2")
            case "bug":
                raise RuntimeError("secret detail")
            case "overflow":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 2147483648::bigint::integer")
            case "constraint":
                raise IntegrityError("not a unique one")
        return Response(status=204)


class Columns(APIView):
    """A column of four bytes, for units of a line so many times."""

    def post(self, request: Request) -> Response:
        body: Any = request.data
        units = body["lines"][1]["units"] * body.get("times", 1)
        with connection.cursor() as cursor:
            adapted = connection.ops.adapt_integerfield_value(units, "IntegerField")
            cursor.execute("SELECT %s", [adapted])
        return Response(status=204)


class Staff(APIView):
    required_roles: ClassVar = {"POST": (MERCHANDISER,), "PUT": AUTHENTICATED}

    def get(self, request: Request) -> Response:
        return Response({"guest": viewer_of(request).guest_token_hash})

    post = put = get


class Versioned(APIView):
    def get(self, request: Request) -> OkJson:
        return OkJson(b'{"version":7}', request=request, etag=etag_of(7))

    def put(self, request: Request) -> Response:
        return Response({"version": require_version(request)})


EFFECTS = "http_test_effect"


def record(note: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {EFFECTS} (note) VALUES (%s) RETURNING id", [note])
        return int(cursor.fetchone()[0])


class Commands(APIView):
    """Writes a row, then does as the body says."""

    def _effect(self, request: Request) -> Response:
        body: Any = request.data
        number = record(str(body.get("note", "")))
        time.sleep(float(body.get("sleep", 0)))
        if body.get("refuse"):
            raise OutOfMugs
        if body.get("crash"):
            raise RuntimeError("crashed")
        return Response({"number": number}, status=201, headers={"Location": f"/made/{number}"})

    @idempotent
    def post(self, request: Request, name: str = "") -> Response:
        return self._effect(request)

    @idempotent(durable=False, lease_seconds=2)
    def put(self, request: Request, name: str = "") -> Response:
        return self._effect(request)

    @idempotent(required=True)
    def patch(self, request: Request, name: str = "") -> Response:
        return self._effect(request)


class Limited(APIView):
    throttle_scope = "login"

    def get(self, request: Request) -> Response:
        return Response({})


class Size(Serializer):
    size = serializers.IntegerField(default=1)


class Ready(ReadyView):
    def get(self, request: Request, name: str) -> OkJson:
        asked = read_query(request, Size)
        if name == "missing":
            raise NotFound("There is no such mug.")
        if name == "lost":
            raise OperationalError("canceling statement due to statement timeout")
        return OkJson(to_json({"name": name, **asked}), request=request, etag='"1"')


class ReadyAndTight(Ready):
    throttle_scope = "tight"


urlpatterns = [
    path("api/v1/orders", Orders.as_view()),
    path("api/v1/orders/<uuid:id>", Orders.as_view()),
    path("api/v1/parcels", Parcels.as_view()),
    path("api/v1/filters", Filters.as_view()),
    path("api/v1/refusals/<str:name>", Refusals.as_view()),
    path("api/v1/columns", Columns.as_view()),
    path("api/v1/staff", Staff.as_view()),
    path("api/v1/versioned", Versioned.as_view()),
    path("api/v1/commands", Commands.as_view()),
    path("api/v1/commands/<str:name>", Commands.as_view()),
    path("api/v1/limited", Limited.as_view()),
    path("api/v1/ready/<str:name>", Ready.as_view()),
    path("api/v1/ready-tight/<str:name>", ReadyAndTight.as_view()),
]
handler400 = "ecommerce.http.pages.bad_request"
handler403 = "ecommerce.http.pages.permission_denied"
handler404 = "ecommerce.http.pages.page_not_found"
handler500 = "ecommerce.http.pages.server_error"
