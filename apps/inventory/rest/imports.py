"""Stock files over HTTP."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.inventory import services
from ecommerce.http import APIView, Serializer, idempotent, problem_responses, viewer_of
from ecommerce.identity import OPERATOR
from ecommerce.jobs.rest.serializers import JobOut
from ecommerce.jobs.rest.views import job_response


class StockImportIn(Serializer):
    """A file of stock: columns or members ``sku``, ``quantity``, and where wanted ``location``, ``reason``."""

    file = serializers.FileField(allow_empty_file=True)
    format = serializers.ChoiceField(choices=["csv", "ndjson"], default="csv")
    mode = serializers.ChoiceField(
        choices=["counts", "deltas"], help_text="What was counted, or units more and less"
    )
    dry_run = serializers.BooleanField(
        default=False, help_text="Change nothing; the result tells of every row"
    )
    reference = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=100,
        help_text="The same file counts once a reference",
    )


class StockImportsView(APIView):
    """Bringing files of stock in."""

    required_roles: ClassVar = {"POST": OPERATOR}
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="importStock",
        tags=["inventory"],
        request={"multipart/form-data": StockImportIn},
        responses={202: JobOut, **problem_responses(401, 403, 415, 422)},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Start an import; its job shows progress and the refused rows, also as CSV."""
        body = StockImportIn(data=request.data)
        body.is_valid(raise_exception=True)
        params = dict(body.validated_data)
        file = params.pop("file")
        job = services.start_stock_import(
            file=file, file_name=file.name, params=params, viewer=viewer_of(request)
        )
        return job_response(job, status=202, location=f"/api/v1/imports/{job.id}")
