"""What something costs, and why: resolved prices, tax, recorded quotes."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.pricing import services
from apps.pricing.rest.serializers.quotes import (
    EvaluateIn,
    QuoteOut,
    ReplayOut,
    ResolutionOut,
    ResolveQuery,
)
from apps.pricing.rest.serializers.taxes import CalculateTaxIn, TaxResultOut
from apps.pricing.rest.views.prices import STAFF
from apps.pricing.types import (
    CalculateTax,
    CartItem,
    EvaluateItems,
    ResolvedPrices,
    TaxableLine,
)
from ecommerce import clock
from ecommerce.http import APIView, problem_responses, read_body, read_query, viewer_of
from ecommerce.identity import Viewer


def question(body: dict[str, Any], viewer: Viewer) -> tuple[EvaluateItems, datetime]:
    """What is asked, and for when."""
    at = body.pop("at", None) or clock.now()
    items = tuple(CartItem(**item) for item in body.pop("items"))
    codes = tuple(body.pop("coupon_codes", ()))
    return (
        EvaluateItems(**body, items=items, coupon_codes=codes, customer_id=viewer.user_id),
        at,
    )


class ResolveView(APIView):
    """What SKUs cost, promotions and tax considered."""

    @extend_schema(
        parameters=[ResolveQuery],
        responses={200: ResolutionOut, **problem_responses(404, 422)},
        tags=["pricing"],
        operation_id="resolvePrice",
    )
    def get(self, request: Request) -> Response:
        wanted = read_query(request, ResolveQuery)
        sku_id = services.sku_named(wanted.pop("sku"))
        wanted["items"] = [{"sku_id": sku_id, "quantity": wanted.pop("quantity")}]
        command, at = question(wanted, viewer_of(request))
        return _resolved(services.resolve_prices(command, now=at))

    @extend_schema(
        request=EvaluateIn,
        responses={200: ResolutionOut, **problem_responses(422)},
        tags=["pricing"],
        operation_id="resolvePrices",
    )
    def post(self, request: Request) -> Response:
        """The same for many SKUs, priced together; those without a price are listed."""
        command, at = question(read_body(request, EvaluateIn), viewer_of(request))
        return _resolved(services.resolve_prices(command, now=at))


class CalculateTaxView(APIView):
    """Tax without a cart."""

    @extend_schema(
        request=CalculateTaxIn,
        responses={200: TaxResultOut, **problem_responses(422)},
        tags=["pricing"],
        operation_id="calculateTax",
    )
    def post(self, request: Request) -> Response:
        """The tax in, or on, amounts: one rate per line, rounded half up per line."""
        body = read_body(request, CalculateTaxIn)
        at = body.pop("at", None) or clock.now()
        result = services.calculate_tax(_taxable(body), now=at)
        return Response(TaxResultOut(result, context={"currency": result.currency}).data)


class QuoteView(APIView):
    """A recorded quote."""

    required_roles: ClassVar = {"GET": STAFF}

    @extend_schema(
        responses={200: QuoteOut, **problem_responses(401, 403, 404)},
        tags=["pricing"],
        operation_id="getQuote",
    )
    def get(self, request: Request, quote_id: UUID) -> Response:
        quote = services.get_quote(quote_id)
        return Response(QuoteOut(quote, context={"currency": quote.currency}).data)


class ReplayQuoteView(APIView):
    """A recorded quote, computed again."""

    required_roles: ClassVar = {"GET": STAFF}

    @extend_schema(
        responses={200: ReplayOut, **problem_responses(401, 403, 404)},
        tags=["pricing"],
        operation_id="replayQuote",
    )
    def get(self, request: Request, quote_id: UUID) -> Response:
        """From its own recorded inputs, whatever prices, rates and rules say today; and is its seal whole?"""
        replay = services.replay_quote(quote_id)
        return Response(ReplayOut(replay, context={"currency": replay.quote.currency}).data)


def _taxable(body: dict[str, Any]) -> CalculateTax:
    """The lines with their amounts in minor units, and the one currency of them all."""
    lines = body.pop("lines")
    currency = lines[0]["amount"].currency
    return CalculateTax(
        **body,
        currency=currency,
        lines=tuple(
            TaxableLine(
                line_id=line["line_id"],
                amount_minor=line["amount"].amount,
                tax_class=line["tax_class"],
            )
            for line in lines
        ),
    )


def _resolved(resolved: ResolvedPrices) -> Response:
    context = {"currency": resolved.quote.currency}
    return Response(ResolutionOut(resolved, context=context).data)
