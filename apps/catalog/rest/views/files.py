"""Imports and exports of products over HTTP."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.catalog import services
from apps.catalog.rest.serializers.files import ExportIn, ImportIn
from ecommerce.http import APIView, idempotent, problem_responses, viewer_of
from ecommerce.identity import MERCHANDISER
from ecommerce.jobs.rest.serializers import JobOut
from ecommerce.jobs.rest.views import job_response


class ProductImportsView(APIView):
    """Bringing files of products in."""

    required_roles: ClassVar = {"POST": MERCHANDISER}
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="importProducts",
        tags=["catalog"],
        request={"multipart/form-data": ImportIn},
        responses={202: JobOut, **problem_responses(401, 403, 415, 422)},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Start an import; its job shows progress and the refused rows."""
        body = ImportIn(data=request.data)
        body.is_valid(raise_exception=True)
        params = dict(body.validated_data)
        file = params.pop("file")
        job = services.start_import(
            file=file, file_name=file.name, params=params, viewer=viewer_of(request)
        )
        return job_response(job, status=202, location=f"/api/v1/imports/{job.id}")


class ProductExportsView(APIView):
    """Writing all products to a file."""

    required_roles: ClassVar = {"POST": MERCHANDISER}

    @extend_schema(
        operation_id="exportProducts",
        tags=["catalog"],
        request=ExportIn,
        responses={202: JobOut, **problem_responses(401, 403, 422)},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Start an export; its job has the file as its result."""
        body = ExportIn(data=request.data)
        body.is_valid(raise_exception=True)
        job = services.start_export(params=body.validated_data, viewer=viewer_of(request))
        return job_response(job, status=202, location=f"/api/v1/exports/{job.id}")
