"""What signed-in users see and change of their own account."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts import services
from apps.accounts.rest.authentication import session_of
from apps.accounts.rest.serializers import (
    PasswordIn,
    PreferencesIn,
    PreferencesOut,
    ProfileIn,
    ProfileOut,
    SessionsOut,
)
from apps.accounts.types import Preferences, ProfileChange
from ecommerce.clock import now
from ecommerce.http import (
    AUTHENTICATED,
    APIView,
    etag_of,
    idempotent,
    problem_responses,
    read_body,
    require_version,
    viewer_of,
)

TAGS = ["accounts"]


class ProfileView(APIView):
    required_roles: ClassVar = {"GET": AUTHENTICATED, "PATCH": AUTHENTICATED}

    @extend_schema(
        responses={200: ProfileOut, **problem_responses(401)}, tags=TAGS, operation_id="getProfile"
    )
    def get(self, request: Request) -> Response:
        """Who is signed in."""
        user = services.get_profile(user_id=viewer_of(request).signed_in_id)
        return Response(ProfileOut(user).data, headers={"ETag": etag_of(user.version)})

    @extend_schema(
        request=ProfileIn,
        responses={200: ProfileOut, **problem_responses(401, 412, 422)},
        tags=TAGS,
        operation_id="updateProfile",
    )
    @idempotent
    def patch(self, request: Request) -> Response:
        """Change names, phone or locale. With If-Match only where nobody changed it meanwhile."""
        given = read_body(request, ProfileIn)
        user = services.update_profile(
            user_id=viewer_of(request).signed_in_id,
            change=ProfileChange(**given),
            version=require_version(request, optional=True),
            now=now(),
        )
        return Response(ProfileOut(user).data, headers={"ETag": etag_of(user.version)})


class PasswordView(APIView):
    throttle_scope = "login"
    required_roles: ClassVar = {"POST": AUTHENTICATED}

    @extend_schema(
        request=PasswordIn,
        responses={204: None, **problem_responses(401, 422, 429)},
        tags=TAGS,
        operation_id="changePassword",
    )
    def post(self, request: Request) -> Response:
        """Change the password; every other session ends."""
        given = read_body(request, PasswordIn)
        services.change_password(
            user_id=viewer_of(request).signed_in_id,
            session_id=session_of(request),
            current=given["current_password"],
            new=given["new_password"],
            now=now(),
        )
        return Response(status=204)


class PreferencesView(APIView):
    required_roles: ClassVar = {"GET": AUTHENTICATED, "PUT": AUTHENTICATED}

    @extend_schema(
        responses={200: PreferencesOut, **problem_responses(401)},
        tags=TAGS,
        operation_id="getPreferences",
    )
    def get(self, request: Request) -> Response:
        """What the customer chose, or the defaults."""
        chosen = services.get_preferences(user_id=viewer_of(request).signed_in_id)
        return Response(PreferencesOut(chosen).data)

    @extend_schema(
        request=PreferencesIn,
        responses={200: PreferencesOut, **problem_responses(401, 422)},
        tags=TAGS,
        operation_id="replacePreferences",
    )
    @idempotent
    def put(self, request: Request) -> Response:
        """Set all preferences; what is left out goes back to its default."""
        given = read_body(request, PreferencesIn)
        chosen = services.replace_preferences(
            user_id=viewer_of(request).signed_in_id,
            chosen=Preferences(**given),
            now=now(),
        )
        return Response(PreferencesOut(chosen).data)


class SessionsView(APIView):
    required_roles: ClassVar = {"GET": AUTHENTICATED, "DELETE": AUTHENTICATED}

    @extend_schema(
        responses={200: SessionsOut, **problem_responses(401)},
        tags=TAGS,
        operation_id="listMySessions",
    )
    def get(self, request: Request) -> Response:
        """Where the user is signed in, last used first."""
        sessions = services.list_sessions(
            user_id=viewer_of(request).signed_in_id, current=session_of(request)
        )
        return Response(SessionsOut({"results": sessions}).data)

    @extend_schema(
        request=None,
        responses={204: None, **problem_responses(401)},
        tags=TAGS,
        operation_id="logoutEverywhere",
    )
    @idempotent
    def delete(self, request: Request) -> Response:
        """End every session, this one included."""
        services.sign_out_everywhere(user_id=viewer_of(request).signed_in_id, now=now())
        return Response(status=204)


class SessionView(APIView):
    required_roles: ClassVar = {"DELETE": AUTHENTICATED}

    @extend_schema(
        request=None,
        responses={204: None, **problem_responses(401, 404)},
        tags=TAGS,
        operation_id="endMySession",
    )
    @idempotent
    def delete(self, request: Request, id: UUID) -> Response:
        """End one session of the user."""
        services.end_session(user_id=viewer_of(request).signed_in_id, session_id=id, now=now())
        return Response(status=204)
