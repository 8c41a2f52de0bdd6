"""Products over HTTP."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.catalog import services
from apps.catalog.rest.serializers import product as wire
from apps.catalog.types import Product, ProductFields, ProductFilter, SkuFields
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

NEWEST = ("-created_at", "id")
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)
IF_MATCH_OPTIONAL = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)
PAGING = [
    OpenApiParameter("cursor", str),
    OpenApiParameter("pageSize", {"type": "integer", "minimum": 1, "maximum": 100}),
]
EXAMPLE = OpenApiExample(
    "A shirt in two sizes",
    request_only=True,
    value={
        "title": "Linen shirt",
        "brand": "Weaver & Daughters",
        "optionNames": ["Size"],
        "attributes": {"material": "linen", "washableAt": 40},
        "skus": [
            {"code": "SHIRT-S", "options": {"Size": "S"}, "weightGrams": 210},
            {"code": "SHIRT-M", "options": {"Size": "M"}, "weightGrams": 220},
        ],
    },
)


def _whole(product: Product, status: int = 200) -> Response:
    headers = {"ETag": etag_of(product.version)}
    return Response(wire.ProductOut(product).data, status=status, headers=headers)


class ProductsView(APIView):
    """The products of the shop."""

    required_roles: ClassVar = {"POST": MERCHANDISER}

    @extend_schema(
        operation_id="listProducts",
        tags=["catalog"],
        parameters=[wire.ProductsQuery, *PAGING],
        responses={200: wire.ProductPage, **problem_responses(422)},
    )
    def get(self, request: Request) -> Response:
        """Products, newest first. Shoppers see the published ones."""
        page = page_of(request, order=NEWEST)
        rows, more = services.list_products(
            wanted=ProductFilter(**read_query(request, wire.ProductsQuery)),
            viewer=viewer_of(request),
            page=page,
        )
        results = wire.ProductOut(rows, many=True).data
        return page_response(request, results, rows=rows, more=more, order=NEWEST, page=page)

    @extend_schema(
        operation_id="createProduct",
        tags=["catalog"],
        request=wire.ProductCreateIn,
        responses={201: wire.ProductOut, **problem_responses(401, 403, 409, 422)},
        examples=[EXAMPLE],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Add a product as DRAFT, with its SKUs at once if wanted."""
        fields = _checked(wire.ProductCreateIn(data=request.data))
        skus = [SkuFields(**sku) for sku in fields.pop("skus")]
        created = services.create_product(ProductFields(**fields), skus=skus, now=now())
        response = _whole(created, status=201)
        response["Location"] = f"/api/v1/products/{created.product_id}"
        return response


class ProductView(APIView):
    """One product."""

    required_roles: ClassVar = {
        "PUT": MERCHANDISER,
        "PATCH": MERCHANDISER,
        "DELETE": MERCHANDISER,
    }

    @extend_schema(
        operation_id="getProduct",
        tags=["catalog"],
        responses={200: wire.ProductOut, **problem_responses(404)},
    )
    def get(self, request: Request, id: UUID) -> Response:
        """A product with its SKUs. Shoppers see the published ones."""
        product = services.get_product(product_id=id, viewer=viewer_of(request))
        if not_modified(request, etag_of(product.version)):
            return Response(status=304, headers={"ETag": etag_of(product.version)})
        return _whole(product)

    @extend_schema(
        operation_id="replaceProduct",
        tags=["catalog"],
        parameters=[IF_MATCH],
        request=wire.ProductIn,
        responses={200: wire.ProductOut, **problem_responses(401, 403, 404, 409, 412, 422, 428)},
    )
    @idempotent
    def put(self, request: Request, id: UUID) -> Response:
        """Set all of a product, its SKUs aside; what is left out becomes empty."""
        return self._update(request, id, wire.ProductIn(data=request.data))

    @extend_schema(
        operation_id="updateProduct",
        tags=["catalog"],
        parameters=[IF_MATCH],
        request=wire.ProductIn(partial=True),
        responses={200: wire.ProductOut, **problem_responses(401, 403, 404, 409, 412, 422, 428)},
    )
    @idempotent
    def patch(self, request: Request, id: UUID) -> Response:
        """Set the given fields of a product."""
        return self._update(request, id, wire.ProductIn(data=request.data, partial=True))

    def _update(self, request: Request, id: UUID, wanted: wire.ProductIn) -> Response:
        product = services.update_product(
            product_id=id,
            changes=_checked(wanted),
            expected_version=require_version(request),
            now=now(),
        )
        return _whole(product)

    @extend_schema(
        operation_id="deleteProduct",
        tags=["catalog"],
        parameters=[IF_MATCH_OPTIONAL],
        request=None,
        responses={204: None, **problem_responses(401, 403, 404, 409, 412)},
    )
    @idempotent
    def delete(self, request: Request, id: UUID) -> Response:
        """Take a product and its SKUs out of the catalog."""
        services.delete_product(
            product_id=id,
            viewer=viewer_of(request),
            expected_version=require_version(request, optional=True),
            now=now(),
        )
        return Response(status=204)


class PublishView(APIView):
    """Letting shoppers see a product."""

    required_roles: ClassVar = {"POST": MERCHANDISER}

    @extend_schema(
        operation_id="publishProduct",
        tags=["catalog"],
        parameters=[IF_MATCH_OPTIONAL],
        request=None,
        responses={200: wire.ProductOut, **problem_responses(401, 403, 404, 409, 412)},
    )
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Publish a product; it needs an active SKU. Published already: no change."""
        product = services.publish_product(
            product_id=id,
            viewer=viewer_of(request),
            expected_version=require_version(request, optional=True),
            now=now(),
        )
        return _whole(product)


class UnpublishView(APIView):
    """Hiding a product from shoppers."""

    required_roles: ClassVar = {"POST": MERCHANDISER}

    @extend_schema(
        operation_id="unpublishProduct",
        tags=["catalog"],
        parameters=[IF_MATCH_OPTIONAL],
        request=wire.ReasonIn,
        responses={200: wire.ProductOut, **problem_responses(401, 403, 404, 409, 412, 422)},
    )
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Hide a product; its SKUs cannot be bought. Not published: no change."""
        product = services.unpublish_product(
            product_id=id,
            viewer=viewer_of(request),
            expected_version=require_version(request, optional=True),
            now=now(),
            **_checked(wire.ReasonIn(data=request.data)),
        )
        return _whole(product)


def _checked(body: Any) -> dict[str, Any]:
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)
