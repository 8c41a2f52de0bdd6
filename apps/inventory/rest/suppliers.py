"""The REST door to suppliers and their terms; what every door to buying has in common."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services
from apps.inventory.queries import purchasing as queries
from apps.inventory.rest import purchasing_serializers as s
from apps.inventory.rest.operators import REFUSALS, OperatorView
from apps.inventory.types import SaveSupplier, Term
from ecommerce.errors import Fault, Invalid
from ecommerce.http import (
    idempotent,
    keyset_page,
    problem_responses,
    read_body,
    read_query,
)

READ = problem_responses(401, 403, 404, 422)
NEWEST = ("-created_at", "-id")


class SuppliersView(OperatorView):
    """From whom the shop buys."""

    @extend_schema(
        tags=["purchasing"],
        operation_id="listSuppliers",
        parameters=[s.SupplierQuery],
        responses={200: s.SupplierOut(many=True), **READ},
    )
    def get(self, request: Request) -> Response:
        """By their codes."""
        rows = queries.suppliers(active=read_query(request, s.SupplierQuery).get("active"))
        return keyset_page(request, rows, s.SupplierOut, order=("code",))

    @extend_schema(
        tags=["purchasing"],
        operation_id="createSupplier",
        request=s.NewSupplierIn,
        responses={201: s.SupplierOut, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """A new one."""
        saved = services.create_supplier(SaveSupplier(**read_body(request, s.NewSupplierIn)))
        return Response(s.SupplierOut(saved).data, status=201)


class SupplierView(OperatorView):
    """One supplier."""

    @extend_schema(
        tags=["purchasing"], operation_id="getSupplier", responses={200: s.SupplierOut, **READ}
    )
    def get(self, request: Request, code: str) -> Response:
        """With its lead time."""
        return Response(s.SupplierOut(services.get_supplier(code=code)).data)

    @extend_schema(
        tags=["purchasing"],
        operation_id="saveSupplier",
        request=s.SupplierIn,
        responses={200: s.SupplierOut, **REFUSALS},
    )
    @idempotent
    def put(self, request: Request, code: str) -> Response:
        """As it shall be."""
        services.get_supplier(code=code)
        command = SaveSupplier(code=code, **read_body(request, s.SupplierIn))
        return Response(s.SupplierOut(services.save_supplier(command)).data)


class TermsView(OperatorView):
    """What a supplier asks."""

    @extend_schema(
        tags=["purchasing"],
        operation_id="listSupplierTerms",
        responses={200: s.TermOut(many=True), **READ},
    )
    def get(self, request: Request, code: str) -> Response:
        """By SKU."""
        services.get_supplier(code=code)
        return keyset_page(request, queries.terms_of(code), s.TermOut, order=("sku_id",))

    @extend_schema(
        tags=["purchasing"],
        operation_id="saveSupplierTerms",
        request=s.TermsIn,
        responses={200: s.TermsOut, **REFUSALS},
    )
    @idempotent
    def put(self, request: Request, code: str) -> Response:
        """Set terms; those of other SKUs stay."""
        items = read_body(request, s.TermsIn)["items"]
        currency = services.get_supplier(code=code).currency
        skus = services.find_skus(skus={item["sku_id"] for item in items})
        for index, item in enumerate(items):
            if item["unit_cost"].currency != currency:
                pointer = f"/items/{index}/unitCost/currency"
                detail = f"{code} is paid in {currency}."
                raise Invalid(detail, faults=[Fault(pointer=pointer, detail=detail)])
        terms = [
            Term(
                sku_id=skus[item.pop("sku_id")],
                unit_cost_minor=item.pop("unit_cost").amount,
                **item,
            )
            for item in items
        ]
        saved = services.save_terms(supplier=code, terms=terms)
        return Response(s.TermsOut({"results": saved}).data)
