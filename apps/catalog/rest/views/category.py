"""The category tree over HTTP."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.catalog import services
from apps.catalog.rest.serializers import category as wire
from apps.catalog.rest.views.product import IF_MATCH, IF_MATCH_OPTIONAL, PAGING
from apps.catalog.types import Category, CategoryFields
from ecommerce.clock import now
from ecommerce.http import (
    APIView,
    etag_of,
    idempotent,
    page_of,
    page_response,
    problem_responses,
    read_query,
    require_version,
    viewer_of,
)
from ecommerce.identity import MERCHANDISER

BY_PATH = ("path", "id")


def _whole(category: Category, status: int = 200) -> Response:
    headers = {"ETag": etag_of(category.version)}
    return Response(wire.CategoryOut(category).data, status=status, headers=headers)


PAGE_OR_TREE = PolymorphicProxySerializer(
    component_name="CategoryPageOrTree",
    serializers=[wire.CategoryPage, wire.CategoryTreeOut],
    resource_type_field_name=None,
)


class CategoriesView(APIView):
    """The categories of the shop."""

    required_roles: ClassVar = {"POST": MERCHANDISER}

    @extend_schema(
        operation_id="listCategories",
        tags=["catalog"],
        parameters=[wire.CategoriesQuery, *PAGING],
        responses={200: PAGE_OR_TREE, **problem_responses(422)},
    )
    def get(self, request: Request) -> Response:
        """Categories by path; with ``tree=true`` the whole tree, nested."""
        asked = read_query(request, wire.CategoriesQuery)
        if asked["tree"]:
            return Response(wire.CategoryTreeOut({"results": services.category_tree()}).data)
        page = page_of(request, order=BY_PATH)
        rows, more = services.list_categories(
            parent_id=asked.get("parent_id"), path=asked.get("path", ""), page=page
        )
        results = wire.CategoryOut(rows, many=True).data
        return page_response(request, results, rows=rows, more=more, order=BY_PATH, page=page)

    @extend_schema(
        operation_id="createCategory",
        tags=["catalog"],
        request=wire.CategoryCreateIn,
        responses={201: wire.CategoryOut, **problem_responses(401, 403, 409, 422)},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Add a category as the last child of its parent."""
        body = wire.CategoryCreateIn(data=request.data)
        body.is_valid(raise_exception=True)
        fields = dict(body.validated_data)
        parent_id = fields.pop("parent_id")
        created = services.create_category(CategoryFields(**fields), parent_id=parent_id, now=now())
        response = _whole(created, status=201)
        response["Location"] = f"/api/v1/categories/{created.category_id}"
        return response


class CategoryTreeView(APIView):
    """The tree, nested."""

    @extend_schema(
        operation_id="getCategoryTree",
        tags=["catalog"],
        parameters=[wire.TreeQuery],
        responses={200: wire.CategoryTreeOut, **problem_responses(404, 422)},
    )
    def get(self, request: Request) -> Response:
        """The whole tree, or one category with all below it."""
        root = read_query(request, wire.TreeQuery).get("root")
        nodes = services.category_tree(root_id=root)
        return Response(wire.CategoryTreeOut({"results": nodes}).data)


class CategoryView(APIView):
    """One category."""

    required_roles: ClassVar = {"PATCH": MERCHANDISER, "DELETE": MERCHANDISER}

    @extend_schema(
        operation_id="getCategory",
        tags=["catalog"],
        parameters=[wire.LocaleQuery],
        responses={200: wire.CategoryDetailOut, **problem_responses(404, 422)},
    )
    def get(self, request: Request, id: UUID) -> Response:
        """A category with its breadcrumbs."""
        asked = read_query(request, wire.LocaleQuery)
        detail = services.get_category(category_id=id, **asked)
        body = wire.CategoryDetailOut(detail.category, context={"breadcrumbs": detail.breadcrumbs})
        return Response(body.data, headers={"ETag": etag_of(detail.category.version)})

    @extend_schema(
        operation_id="updateCategory",
        tags=["catalog"],
        parameters=[IF_MATCH],
        request=wire.CategoryIn(partial=True),
        responses={200: wire.CategoryOut, **problem_responses(401, 403, 404, 409, 412, 422, 428)},
    )
    @idempotent
    def patch(self, request: Request, id: UUID) -> Response:
        """Set the given fields. Another slug changes the paths of all below."""
        body = wire.CategoryIn(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        category = services.update_category(
            category_id=id,
            changes=body.validated_data,
            expected_version=require_version(request),
            now=now(),
        )
        return _whole(category)

    @extend_schema(
        operation_id="deleteCategory",
        tags=["catalog"],
        parameters=[IF_MATCH_OPTIONAL],
        request=None,
        responses={204: None, **problem_responses(401, 403, 404, 409, 412)},
    )
    @idempotent
    def delete(self, request: Request, id: UUID) -> Response:
        """Take an empty category out of the tree."""
        services.delete_category(
            category_id=id,
            viewer=viewer_of(request),
            expected_version=require_version(request, optional=True),
        )
        return Response(status=204)


class MoveCategoryView(APIView):
    """Another place in the tree."""

    required_roles: ClassVar = {"POST": MERCHANDISER}

    @extend_schema(
        operation_id="moveCategory",
        tags=["catalog"],
        parameters=[IF_MATCH_OPTIONAL],
        request=wire.MoveIn,
        responses={200: wire.CategoryOut, **problem_responses(401, 403, 404, 409, 412, 422)},
    )
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Put a category under another parent, or at another place among its siblings."""
        body = wire.MoveIn(data=request.data)
        body.is_valid(raise_exception=True)
        category = services.move_category(
            category_id=id,
            **body.validated_data,
            expected_version=require_version(request, optional=True),
            now=now(),
        )
        return _whole(category)
