"""Price lists and prices over HTTP."""

from dataclasses import asdict
from datetime import UTC, datetime, time
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.pricing import services
from apps.pricing.queries import prices as queries
from apps.pricing.rest.serializers.prices import (
    AtQuery,
    BulkEnvelope,
    BulkPriceIn,
    BulkPricesIn,
    BulkPricesOut,
    ChangePriceIn,
    HistoryQuery,
    PriceIn,
    PriceListIn,
    PriceListOut,
    PriceListsQuery,
    PriceOut,
    PricesQuery,
    PublicPriceOut,
    PublicPricesOut,
)
from apps.pricing.types import ChangePrice, CreatePrice, CreatePriceList, PriceRow, SetPrices
from ecommerce import clock
from ecommerce.http import (
    APIView,
    etag_of,
    idempotent,
    keyset_page,
    problem_responses,
    read_body,
    read_query,
    require_version,
    viewer_of,
)
from ecommerce.identity import MERCHANDISER, OPERATOR

STAFF = (MERCHANDISER, OPERATOR)


def in_minor(body: dict[str, Any]) -> dict[str, Any]:
    """Money of the wire as the commands spell it."""
    amount, compare_at = body.pop("amount"), body.pop("compare_at")
    return {
        **body,
        "amount_minor": amount.amount,
        "compare_at_minor": compare_at.amount if compare_at else None,
        "currency": amount.currency,
    }


class PriceListsView(APIView):
    """The price lists."""

    required_roles: ClassVar = {"GET": STAFF, "POST": (MERCHANDISER,)}

    @extend_schema(
        parameters=[PriceListsQuery],
        responses={200: PriceListOut(many=True), **problem_responses(401, 403, 422)},
        tags=["pricing"],
        operation_id="listPriceLists",
    )
    def get(self, request: Request) -> Response:
        wanted = read_query(request, PriceListsQuery)
        return keyset_page(request, queries.all_lists(**wanted), PriceListOut)

    @extend_schema(
        request=PriceListIn,
        responses={201: PriceListOut, **problem_responses(401, 403, 409, 422)},
        tags=["pricing"],
        operation_id="createPriceList",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        command = CreatePriceList(**read_body(request, PriceListIn), actor=viewer_of(request))
        made = services.create_price_list(command, now=clock.now())
        return Response(PriceListOut(made).data, status=201)


class PricesOfListView(APIView):
    """The prices of one list: all of its history, or with ``at`` those that hold then."""

    required_roles: ClassVar = {"GET": STAFF}

    @extend_schema(
        parameters=[AtQuery],
        responses={200: PriceOut(many=True), **problem_responses(401, 403, 404, 422)},
        tags=["pricing"],
        operation_id="listPricesOfList",
    )
    def get(self, request: Request, price_list_id: UUID) -> Response:
        at = read_query(request, AtQuery).get("at")
        prices = services.get_price_list(price_list_id)
        return keyset_page(request, queries.prices_in(prices.id, at=at), PriceOut, ("id",))


class PricesView(APIView):
    """Prices of a SKU, and a new one."""

    required_roles: ClassVar = {"POST": (MERCHANDISER,)}

    @extend_schema(
        parameters=[PricesQuery],
        responses={200: PublicPricesOut, **problem_responses(404, 422)},
        tags=["pricing"],
        operation_id="findPrices",
    )
    def get(self, request: Request) -> Response:
        """The prices of a SKU that hold at a time; per channel and currency, the first is the one that applies."""
        wanted = read_query(request, PricesQuery)
        rows = queries.prices_of(
            services.sku_named(wanted["sku"]),
            currency=wanted.get("currency"),
            channel=wanted.get("channel"),
            at=_moment(wanted),
        )
        return Response({"results": PublicPriceOut(rows[:100], many=True).data})

    @extend_schema(
        request=PriceIn,
        responses={201: PriceOut, **problem_responses(401, 403, 404, 409, 422)},
        tags=["pricing"],
        operation_id="createPrice",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Another price in that period is a conflict that names it."""
        body = in_minor(read_body(request, PriceIn))
        price = services.create_price(
            CreatePrice(**body, actor=viewer_of(request)), now=clock.now()
        )
        headers = {"ETag": etag_of(price.version)}
        return Response(PriceOut(price).data, status=201, headers=headers)


class PriceView(APIView):
    """One price."""

    required_roles: ClassVar = {"PUT": (MERCHANDISER,), "DELETE": (MERCHANDISER,)}

    @extend_schema(
        request=ChangePriceIn,
        responses={200: PriceOut, **problem_responses(401, 403, 404, 409, 412, 422, 428)},
        tags=["pricing"],
        operation_id="changePrice",
    )
    @idempotent
    def put(self, request: Request, price_id: UUID) -> Response:
        """Another amount ends this price and answers its successor; another end alone amends it."""
        body = in_minor(read_body(request, ChangePriceIn))
        price = services.change_price(
            ChangePrice(
                **body,
                price_id=price_id,
                version=require_version(request),
                actor=viewer_of(request),
            ),
            now=clock.now(),
        )
        headers = {"ETag": etag_of(price.version), "Content-Location": f"/api/v1/prices/{price.id}"}
        return Response(PriceOut(price).data, headers=headers)

    @extend_schema(
        responses={200: PriceOut, **problem_responses(401, 403, 404, 412)},
        tags=["pricing"],
        operation_id="retirePrice",
    )
    @idempotent
    def delete(self, request: Request, price_id: UUID) -> Response:
        """End the price now, or call it off where it has not begun. Its history stays."""
        price = services.retire_price(
            price_id=price_id,
            now=clock.now(),
            version=require_version(request, optional=True),
            actor=viewer_of(request),
        )
        return Response(PriceOut(price).data, headers={"ETag": etag_of(price.version)})


class BulkPricesView(APIView):
    """Many prices at once."""

    required_roles: ClassVar = {"POST": (MERCHANDISER,)}

    @extend_schema(
        request=BulkPricesIn,
        responses={200: BulkPricesOut, **problem_responses(401, 403, 404, 422)},
        tags=["pricing"],
        operation_id="setPrices",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Per item created, changed, unchanged or refused; a refused one keeps no other from happening."""
        body = read_body(request, BulkEnvelope)
        items = [BulkPriceIn(data=item) for item in body["items"]]
        rows = {
            number: PriceRow(**in_minor(dict(item.validated_data)))
            for number, item in enumerate(items)
            if item.is_valid()
        }
        command = SetPrices(
            price_list_id=body["price_list_id"],
            rows=tuple(rows.values()),
            reason=body["reason"],
            actor=viewer_of(request),
        )
        outcomes = dict(zip(rows, services.set_prices(command, now=clock.now()), strict=True))
        told = [
            {"index": number, **asdict(outcomes[number])}
            if number in outcomes
            else _refused(number, item.errors)
            for number, item in enumerate(items)
        ]
        return Response(BulkPricesOut({"results": told}).data)


class HistoryView(APIView):
    """Everything that a SKU ever cost, or was going to cost, newest first."""

    required_roles: ClassVar = {"GET": STAFF}

    @extend_schema(
        parameters=[HistoryQuery],
        responses={200: PriceOut(many=True), **problem_responses(401, 403, 404, 422)},
        tags=["pricing"],
        operation_id="getPriceHistory",
    )
    def get(self, request: Request) -> Response:
        sku_id = services.sku_named(read_query(request, HistoryQuery)["sku"])
        return keyset_page(request, queries.history_of(sku_id), PriceOut, ("-valid_from", "-id"))


def _moment(wanted: dict[str, Any]) -> datetime:
    if "date" in wanted:
        return datetime.combine(wanted["date"], time(tzinfo=UTC))
    at: datetime = wanted.get("at") or clock.now()
    return at


def _refused(number: int, errors: Any) -> dict[str, Any]:
    detail = "; ".join(f"{name}: {_first(fault)}" for name, fault in errors.items())
    return {
        "index": number,
        "sku_id": None,
        "outcome": "refused",
        "price_id": None,
        "detail": detail,
    }


def _first(fault: Any) -> str:
    while isinstance(fault, list | dict):
        fault = next(iter(fault.values() if isinstance(fault, dict) else fault))
    return str(fault)
