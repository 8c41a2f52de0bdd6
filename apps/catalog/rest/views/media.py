"""Pictures over HTTP."""

from typing import ClassVar
from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.catalog import services
from apps.catalog.rest.serializers.media import MediaIn, MediaOut, MediaVariantsOut
from ecommerce.clock import now
from ecommerce.http import AnyRepresentation, APIView, idempotent, problem_responses
from ecommerce.identity import MERCHANDISER

FOREVER = "public, max-age=31536000, immutable"
PICTURE = {(200, "image/*"): OpenApiTypes.BINARY, **problem_responses(404)}


class MediaUploadView(APIView):
    """Keeping pictures."""

    required_roles: ClassVar = {"POST": MERCHANDISER}
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="uploadMedia",
        tags=["catalog"],
        request={"multipart/form-data": MediaIn},
        responses={201: MediaOut, **problem_responses(401, 403, 415, 422)},
    )
    @idempotent(durable=False)
    def post(self, request: Request) -> Response:
        """Upload a picture; the same bytes again are the first picture."""
        body = MediaIn(data=request.data)
        body.is_valid(raise_exception=True)
        file = body.validated_data["file"]
        media = services.upload_media(
            file=file, file_name=file.name, alt=body.validated_data["alt"], now=now()
        )
        location = {"Location": f"/api/v1/media/{media.media_id}"}
        return Response(MediaOut(media).data, status=201, headers=location)


class MediaView(APIView):
    """One picture."""

    @extend_schema(
        operation_id="getMedia",
        tags=["catalog"],
        responses={200: MediaOut, **problem_responses(404)},
    )
    def get(self, request: Request, id: UUID) -> Response:
        """What is known of a picture, and where its bytes are."""
        return Response(MediaOut(services.get_media(media_id=id)).data)


class MediaVariantsView(APIView):
    """The smaller renditions of a picture."""

    @extend_schema(
        operation_id="listMediaVariants",
        tags=["catalog"],
        responses={200: MediaVariantsOut, **problem_responses(404)},
    )
    def get(self, request: Request, id: UUID) -> Response:
        """The smaller renditions of a picture."""
        media = services.get_media(media_id=id)
        return Response(MediaVariantsOut({"results": media.variants}).data)


class MediaContentView(APIView):
    """The bytes of a picture."""

    content_negotiation_class = AnyRepresentation

    @extend_schema(operation_id="downloadMedia", tags=["catalog"], responses=PICTURE)
    def get(self, request: Request, id: UUID) -> FileResponse:
        """The picture itself."""
        return picture_response(id, "")


class MediaVariantContentView(APIView):
    """The bytes of a rendition."""

    content_negotiation_class = AnyRepresentation

    @extend_schema(operation_id="downloadMediaVariant", tags=["catalog"], responses=PICTURE)
    def get(self, request: Request, id: UUID, name: str) -> FileResponse:
        """A smaller rendition itself."""
        return picture_response(id, name)


def picture_response(media_id: UUID, variant: str) -> FileResponse:
    """The bytes, for ever the same, and never anything but a picture to a browser."""
    content_type, file = services.open_media(media_id=media_id, variant=variant)
    return FileResponse(
        file,
        content_type=content_type,
        headers={"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"},
    )
