"""Registering, signing in and out.

These take no Idempotency-Key: the record of one would keep a digest of the password, or tokens, in
the database. Registering twice is refused by the e-mail, refreshing twice by design.
"""

from collections.abc import Sequence
from typing import ClassVar

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts import services
from apps.accounts.rest.authentication import session_of
from apps.accounts.rest.serializers import (
    LoginIn,
    ProfileOut,
    RefreshIn,
    RegisterIn,
    TokensOut,
)
from apps.accounts.types import Register, Tokens
from ecommerce.clock import now
from ecommerce.http import AUTHENTICATED, APIView, problem_responses, read_body, viewer_of

TAGS = ["accounts"]
GUEST = OpenApiParameter(
    "Guest-Token",
    str,
    OpenApiParameter.HEADER,
    description="What the caller was known by as a guest",
)


class RegisterView(APIView):
    throttle_scope = "register"

    @extend_schema(
        request=RegisterIn,
        responses={201: ProfileOut, **problem_responses(409, 422, 429)},
        tags=TAGS,
        operation_id="register",
        examples=[
            OpenApiExample(
                "A new customer",
                {"email": "ada@example.com", "password": "correct horse battery"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Open an account."""
        user = services.register(Register(**read_body(request, RegisterIn)), now=now())
        return Response(ProfileOut(user).data, status=201, headers={"Location": "/api/v1/me"})


class LoginView(APIView):
    throttle_scope = "login"
    authentication_classes = ()

    def throttle_keys(self, request: Request) -> Sequence[str]:
        """Count the account as well as the address: guesses come from many addresses."""
        given = request.data.get("email") if isinstance(request.data, dict) else None
        if not isinstance(given, str):
            return super().throttle_keys(request)
        return (*super().throttle_keys(request), f"account:{services.account_key(given)}")

    @extend_schema(
        parameters=[GUEST],
        request=LoginIn,
        responses={200: TokensOut, **problem_responses(401, 422, 429)},
        tags=TAGS,
        operation_id="login",
        auth=[],
        examples=[
            OpenApiExample(
                "Sign in",
                {"email": "ada@example.com", "password": "correct horse battery"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Sign in. After five wrong passwords in a row each further one makes the account wait longer.

        With a Guest-Token, the guest's cart is poured into the customer's a moment later.
        """
        tokens = services.sign_in(
            **read_body(request, LoginIn),
            device=request.headers.get("User-Agent", ""),
            now=now(),
            guest_token_hash=viewer_of(request).guest_token_hash,
        )
        return _answer(tokens)


class RefreshView(APIView):
    throttle_scope = "refresh"
    authentication_classes = ()

    @extend_schema(
        request=RefreshIn,
        responses={200: TokensOut, **problem_responses(401, 422, 429)},
        tags=TAGS,
        operation_id="refreshTokens",
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """New tokens for a refresh token, which is good once. Showing one twice ends the session."""
        token = read_body(request, RefreshIn)["refresh_token"]
        return _answer(services.refresh_tokens(refresh_token=token, now=now()))


class LogoutView(APIView):
    required_roles: ClassVar = {"POST": AUTHENTICATED}

    @extend_schema(
        request=None,
        responses={204: None, **problem_responses(401)},
        tags=TAGS,
        operation_id="logout",
    )
    def post(self, request: Request) -> Response:
        """End this session."""
        user_id = viewer_of(request).signed_in_id
        services.sign_out(user_id=user_id, session_id=session_of(request), now=now())
        return Response(status=204)


def _answer(tokens: Tokens) -> Response:
    return Response(TokensOut(tokens).data, headers={"Cache-Control": "no-store"})
