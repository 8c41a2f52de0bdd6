"""Others' accounts, for operators and admins."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts import services
from apps.accounts.rest.serializers import ActiveIn, RolesIn, UserOut, UsersOut, UsersQuery
from apps.accounts.services import USER_ORDER
from ecommerce.clock import now
from ecommerce.http import (
    APIView,
    idempotent,
    page_of,
    problem_responses,
    read_body,
    read_query,
    viewer_of,
)
from ecommerce.http.pagination import page_response
from ecommerce.identity import ADMIN, OPERATOR

TAGS = ["accounts"]


class UsersView(APIView):
    required_roles: ClassVar = {"GET": OPERATOR}

    @extend_schema(
        parameters=[UsersQuery],
        responses={200: UsersOut, **problem_responses(401, 403, 422)},
        tags=TAGS,
        operation_id="listUsers",
    )
    def get(self, request: Request) -> Response:
        """Users, newest first, by a part of the e-mail and by role."""
        query = read_query(request, UsersQuery)
        page = page_of(request, order=USER_ORDER)
        users, more = services.list_users(
            viewer=viewer_of(request),
            search=query["email"],
            role=query.get("role"),
            page=page,
        )
        results = UserOut(users, many=True).data
        return page_response(request, results, rows=users, more=more, order=USER_ORDER, page=page)


class UserView(APIView):
    required_roles: ClassVar = {"GET": OPERATOR}

    @extend_schema(
        responses={200: UserOut, **problem_responses(401, 403, 404)},
        tags=TAGS,
        operation_id="getUser",
    )
    def get(self, request: Request, id: UUID) -> Response:
        """One user."""
        user = services.get_user(user_id=id, viewer=viewer_of(request))
        return Response(UserOut(user).data)


class RolesView(APIView):
    required_roles: ClassVar = {"PUT": ADMIN}

    @extend_schema(
        request=RolesIn,
        responses={200: UserOut, **problem_responses(401, 403, 404, 422)},
        tags=TAGS,
        operation_id="assignRoles",
    )
    @idempotent
    def put(self, request: Request, id: UUID) -> Response:
        """Give a user exactly these roles; effective within five seconds."""
        given = read_body(request, RolesIn)
        user = services.assign_roles(
            user_id=id,
            roles=given["roles"],
            seller=given["seller"],
            viewer=viewer_of(request),
            now=now(),
        )
        return Response(UserOut(user).data)


class ActiveView(APIView):
    required_roles: ClassVar = {"PUT": ADMIN}

    @extend_schema(
        request=ActiveIn,
        responses={200: UserOut, **problem_responses(401, 403, 404, 422)},
        tags=TAGS,
        operation_id="setUserActive",
    )
    @idempotent
    def put(self, request: Request, id: UUID) -> Response:
        """Lock an account and end its sessions, or unlock it."""
        given = read_body(request, ActiveIn)
        user = services.set_user_active(
            user_id=id,
            active=given["is_active"],
            viewer=viewer_of(request),
            now=now(),
        )
        return Response(UserOut(user).data)
