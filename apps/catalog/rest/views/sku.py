"""SKUs over HTTP."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.catalog import services
from apps.catalog.rest.serializers import product as wire
from apps.catalog.rest.views.product import IF_MATCH, NEWEST, PAGING
from apps.catalog.types import ProductSku, SkuFields, SkuFilter
from ecommerce.clock import now
from ecommerce.http import (
    APIView,
    etag_of,
    idempotent,
    not_modified,
    page_of,
    page_response,
    problem_responses,
    read_query,
    require_version,
    viewer_of,
)
from ecommerce.identity import MERCHANDISER


def _whole(sku: ProductSku, status: int = 200) -> Response:
    headers = {"ETag": etag_of(sku.version)}
    return Response(wire.SkuOut(sku).data, status=status, headers=headers)


class SkusView(APIView):
    """The SKUs of the shop."""

    required_roles: ClassVar = {"POST": MERCHANDISER}

    @extend_schema(
        operation_id="listSkus",
        tags=["catalog"],
        parameters=[wire.SkusQuery, *PAGING],
        responses={200: wire.SkuPage, **problem_responses(422)},
    )
    def get(self, request: Request) -> Response:
        """SKUs, newest first. Shoppers see those that are for sale."""
        wanted = SkuFilter(**read_query(request, wire.SkusQuery))
        return sku_page(request, wanted)

    @extend_schema(
        operation_id="createSku",
        tags=["catalog"],
        request=wire.SkuCreateIn,
        responses={201: wire.SkuOut, **problem_responses(401, 403, 404, 409, 422)},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Add an active SKU to a product."""
        body = wire.SkuCreateIn(data=request.data)
        body.is_valid(raise_exception=True)
        fields = dict(body.validated_data)
        product_id = fields.pop("product_id")
        created = services.create_sku(product_id=product_id, sku=SkuFields(**fields), now=now())
        response = _whole(created, status=201)
        response["Location"] = f"/api/v1/skus/{created.sku_id}"
        return response


class SkuView(APIView):
    """One SKU, by its id or its code."""

    required_roles: ClassVar = {"PUT": MERCHANDISER}

    @extend_schema(
        operation_id="getSku",
        tags=["catalog"],
        responses={200: wire.SkuOut, **problem_responses(404)},
    )
    def get(self, request: Request, id: str) -> Response:
        """A SKU, by its id or its code."""
        sku = services.get_sku(reference=id, viewer=viewer_of(request))
        if not_modified(request, etag_of(sku.version)):
            return Response(status=304, headers={"ETag": etag_of(sku.version)})
        return _whole(sku)

    @extend_schema(
        operation_id="replaceSku",
        tags=["catalog"],
        parameters=[IF_MATCH],
        request=wire.SkuReplaceIn,
        responses={200: wire.SkuOut, **problem_responses(401, 403, 404, 409, 412, 422, 428)},
    )
    @idempotent
    def put(self, request: Request, id: str) -> Response:
        """Set all of a SKU; what is left out becomes empty, its status aside."""
        body = wire.SkuReplaceIn(data=request.data)
        body.is_valid(raise_exception=True)
        sku = services.update_sku(
            reference=id,
            changes=body.validated_data,
            expected_version=require_version(request),
            now=now(),
        )
        return _whole(sku)


class ProductSkusView(APIView):
    """The SKUs of one product."""

    @extend_schema(
        operation_id="listSkusOfProduct",
        tags=["catalog"],
        parameters=PAGING,
        responses={200: wire.SkuPage, **problem_responses(404, 422)},
    )
    def get(self, request: Request, id: UUID) -> Response:
        """The SKUs of a product, newest first. Shoppers see those that are for sale."""
        services.get_product(product_id=id, viewer=viewer_of(request))
        return sku_page(request, SkuFilter(product_id=id))


def sku_page(request: Request, wanted: SkuFilter) -> Response:
    """A page of SKUs."""
    page = page_of(request, order=NEWEST)
    rows, more = services.list_skus(wanted=wanted, viewer=viewer_of(request), page=page)
    results = wire.SkuOut(rows, many=True).data
    return page_response(request, results, rows=rows, more=more, order=NEWEST, page=page)
