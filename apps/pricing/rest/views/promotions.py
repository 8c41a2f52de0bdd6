"""Promotions and coupons over HTTP."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.pricing import services
from apps.pricing.rest.serializers.promotions import (
    ActiveQuery,
    CouponIn,
    CouponOut,
    PromotionIn,
    PromotionOut,
    PromotionsOut,
    PromotionStatusIn,
    RedeemIn,
    ReleasedOut,
    ReleaseIn,
    rule_of,
)
from apps.pricing.rest.serializers.quotes import (
    CouponDecisionOut,
    EvaluateIn,
    EvaluationOut,
    ValidateCouponIn,
)
from apps.pricing.rest.views.prices import STAFF
from apps.pricing.rest.views.quotes import question
from apps.pricing.types import IssueCoupon
from ecommerce import clock
from ecommerce.http import (
    APIView,
    count_guesses,
    count_misses,
    etag_of,
    idempotent,
    problem_responses,
    read_body,
    read_query,
    viewer_of,
)
from ecommerce.identity import MERCHANDISER, OPERATOR


class PromotionsView(APIView):
    """New promotions."""

    required_roles: ClassVar = {"POST": (MERCHANDISER,)}

    @extend_schema(
        request=PromotionIn,
        responses={201: PromotionOut, **problem_responses(401, 403, 409, 422)},
        tags=["pricing"],
        operation_id="createPromotion",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        rule = rule_of(read_body(request, PromotionIn), actor=viewer_of(request))
        made = services.create_promotion(rule, now=clock.now())
        headers = {"ETag": etag_of(made.version)}
        return Response(PromotionOut(made).data, status=201, headers=headers)


class PromotionStatusView(APIView):
    """Switching a promotion on and off."""

    required_roles: ClassVar = {"PUT": (MERCHANDISER,)}

    @extend_schema(
        request=PromotionStatusIn,
        responses={200: PromotionOut, **problem_responses(401, 403, 404, 422)},
        tags=["pricing"],
        operation_id="setPromotionStatus",
    )
    @idempotent
    def put(self, request: Request, promotion_id: UUID) -> Response:
        changed = services.set_promotion_status(
            promotion_id=promotion_id,
            **read_body(request, PromotionStatusIn),
            actor=viewer_of(request),
        )
        return Response(PromotionOut(changed).data, headers={"ETag": etag_of(changed.version)})


class ActivePromotionsView(APIView):
    """The promotions that need no code, in the order in which they are applied."""

    @extend_schema(
        parameters=[ActiveQuery],
        responses={200: PromotionsOut, **problem_responses(422)},
        tags=["pricing"],
        operation_id="listActivePromotions",
    )
    def get(self, request: Request) -> Response:
        wanted = read_query(request, ActiveQuery)
        rules = services.active_promotions(
            channel=wanted.get("channel"), at=wanted.get("at") or clock.now()
        )
        return Response({"results": PromotionOut(rules, many=True).data})


class EvaluatePromotionsView(APIView):
    """A dry run."""

    @extend_schema(
        request=EvaluateIn,
        responses={200: EvaluationOut, **problem_responses(422, 429)},
        tags=["pricing"],
        operation_id="evaluatePromotions",
    )
    def post(self, request: Request) -> Response:
        """What promotions and codes would do to these items, with a reason for each that does and does not apply."""
        body = read_body(request, EvaluateIn)
        count_guesses(request, "coupon", len(body["coupon_codes"]))
        count_misses("coupon-family", services.guessed_families(body["coupon_codes"]))
        command, at = question(body, viewer_of(request))
        quote = services.evaluate_items(command, now=at)
        return Response(EvaluationOut(quote, context={"currency": quote.currency}).data)


class CouponsView(APIView):
    """New coupons."""

    required_roles: ClassVar = {"POST": (MERCHANDISER,)}

    @extend_schema(
        request=CouponIn,
        responses={201: CouponOut, **problem_responses(401, 403, 404, 409, 422)},
        tags=["pricing"],
        operation_id="issueCoupon",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        command = IssueCoupon(**read_body(request, CouponIn), actor=viewer_of(request))
        return Response(CouponOut(services.issue_coupon(command, now=clock.now())).data, status=201)


class ValidateCouponView(APIView):
    """A question about a code."""

    throttle_scope: ClassVar = "coupon"

    @extend_schema(
        request=ValidateCouponIn,
        responses={200: CouponDecisionOut, **problem_responses(422, 429)},
        tags=["pricing"],
        operation_id="validateCoupon",
    )
    def post(self, request: Request) -> Response:
        """Would the code bring a discount to these items? Nothing is held."""
        body = read_body(request, ValidateCouponIn)
        code = body.pop("coupon_code")
        count_guesses(request, "coupon", len(body["coupon_codes"]))
        body["coupon_codes"] = [*body["coupon_codes"], code]
        count_misses("coupon-family", services.guessed_families(body["coupon_codes"]))
        command, at = question(body, viewer_of(request))
        decision = services.validate_coupon(command, code=code, now=at)
        return Response(CouponDecisionOut(decision, context={"currency": decision.currency}).data)


class RedeemCouponView(APIView):
    """A coupon used by an order that was paid elsewhere (a till, a marketplace)."""

    required_roles: ClassVar = {"POST": (OPERATOR,)}

    @extend_schema(
        request=RedeemIn,
        responses={200: CouponOut, **problem_responses(401, 403, 404, 409, 422)},
        tags=["pricing"],
        operation_id="redeemCoupon",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        body = read_body(request, RedeemIn)
        code = body.pop("coupon_code")
        return Response(CouponOut(services.redeem_code(**body, code=code, now=clock.now())).data)


class ReleaseCouponsView(APIView):
    """The coupons of an order that came to nothing, given back."""

    required_roles: ClassVar = {"POST": (OPERATOR,)}

    @extend_schema(
        request=ReleaseIn,
        responses={200: ReleasedOut, **problem_responses(401, 403, 422)},
        tags=["pricing"],
        operation_id="releaseCoupons",
    )
    @idempotent
    def post(self, request: Request) -> Response:
        released = services.release_coupons(**read_body(request, ReleaseIn))
        return Response(ReleasedOut({"released": released}).data)


class CouponStatusView(APIView):
    """How often a code was used."""

    required_roles: ClassVar = {"GET": STAFF}

    @extend_schema(
        responses={200: CouponOut, **problem_responses(401, 403, 404)},
        tags=["pricing"],
        operation_id="getCouponStatus",
    )
    def get(self, request: Request, code: str) -> Response:
        return Response(CouponOut(services.get_coupon(code)).data)
