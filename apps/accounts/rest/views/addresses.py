"""The address book of the signed-in user."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts import services
from apps.accounts.rest.serializers import AddressesOut, AddressIn, AddressOut
from apps.accounts.types import Address, PostalAddress
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
EXAMPLE = OpenApiExample(
    "An address",
    {
        "firstName": "Ada",
        "lastName": "Lovelace",
        "line1": "Torstraße 1",
        "city": "Berlin",
        "postalCode": "10119",
        "country": "DE",
    },
    request_only=True,
)


class AddressesView(APIView):
    required_roles: ClassVar = {"GET": AUTHENTICATED, "POST": AUTHENTICATED}

    @extend_schema(
        responses={200: AddressesOut, **problem_responses(401)},
        tags=TAGS,
        operation_id="listMyAddresses",
    )
    def get(self, request: Request) -> Response:
        """The whole address book, newest first; it holds at most 50."""
        book = services.list_addresses(user_id=viewer_of(request).signed_in_id)
        return Response(AddressesOut({"results": book}).data)

    @extend_schema(
        request=AddressIn,
        responses={201: AddressOut, **problem_responses(401, 409, 422)},
        tags=TAGS,
        operation_id="addMyAddress",
        examples=[EXAMPLE],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Add an address. The first one becomes the default for shipping and billing."""
        address = services.add_address(
            user_id=viewer_of(request).signed_in_id, address=_given(request), now=now()
        )
        return _answer(address, status=201)


class AddressView(APIView):
    required_roles: ClassVar = {
        "GET": AUTHENTICATED,
        "PUT": AUTHENTICATED,
        "DELETE": AUTHENTICATED,
    }

    @extend_schema(
        responses={200: AddressOut, **problem_responses(401, 404)},
        tags=TAGS,
        operation_id="getMyAddress",
    )
    def get(self, request: Request, id: UUID) -> Response:
        """One address."""
        address = services.get_address(user_id=viewer_of(request).signed_in_id, address_id=id)
        return _answer(address)

    @extend_schema(
        request=AddressIn,
        responses={200: AddressOut, **problem_responses(401, 404, 412, 422)},
        tags=TAGS,
        operation_id="replaceMyAddress",
        examples=[EXAMPLE],
    )
    @idempotent
    def put(self, request: Request, id: UUID) -> Response:
        """Write an address anew. With If-Match only where nobody changed it meanwhile."""
        address = services.replace_address(
            user_id=viewer_of(request).signed_in_id,
            address_id=id,
            address=_given(request),
            version=require_version(request, optional=True),
            now=now(),
        )
        return _answer(address)

    @extend_schema(
        request=None,
        responses={204: None, **problem_responses(401, 404)},
        tags=TAGS,
        operation_id="removeMyAddress",
    )
    @idempotent
    def delete(self, request: Request, id: UUID) -> Response:
        """Remove an address."""
        services.remove_address(user_id=viewer_of(request).signed_in_id, address_id=id)
        return Response(status=204)


def _given(request: Request) -> PostalAddress:
    return PostalAddress(**read_body(request, AddressIn))


def _answer(address: Address, *, status: int = 200) -> Response:
    headers = {"ETag": etag_of(address.version)}
    if status == 201:
        headers["Location"] = f"/api/v1/me/addresses/{address.id}"
    return Response(AddressOut(address).data, status=status, headers=headers)
