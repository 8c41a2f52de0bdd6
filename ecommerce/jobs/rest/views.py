"""Jobs over REST: how far, what was refused, the result, stop."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import ClassVar
from uuid import UUID

from django.http import FileResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from ecommerce.clock import now
from ecommerce.http import (
    AUTHENTICATED,
    AnyRepresentation,
    APIView,
    idempotent,
    page_of,
    page_response,
    problem_responses,
    viewer_of,
)
from ecommerce.jobs import services
from ecommerce.jobs.rest.serializers import JobOut, RowErrorOut, RowErrorPage
from ecommerce.jobs.types import FINISHED, JobView, RowError

REFUSALS = problem_responses(401, 404)
ERROR_ORDER = ("row", "id")


def job_response(job: JobView, *, status: int = 200, location: str | None = None) -> Response:
    """A job as an answer; with ``status=202`` and a Location, the answer of an endpoint that starts one."""
    response = Response(JobOut(job).data, status=status)
    if location is not None:
        response["Location"] = location
    if job.state not in FINISHED:
        response["Retry-After"] = "1"
    return response


class JobDetail(APIView):
    required_roles: ClassVar = {"GET": AUTHENTICATED}

    @extend_schema(responses={200: JobOut, **REFUSALS}, tags=["jobs"], operation_id="getJob")
    def get(self, request: Request, id: UUID) -> Response:
        """How far a job is."""
        return job_response(services.get_job(job_id=id, viewer=viewer_of(request)))


class ImportDetail(APIView):
    required_roles: ClassVar = {"GET": AUTHENTICATED}

    @extend_schema(responses={200: JobOut, **REFUSALS}, tags=["jobs"], operation_id="getImport")
    def get(self, request: Request, id: UUID) -> Response:
        """How far an import is."""
        return job_response(services.get_job(job_id=id, viewer=viewer_of(request)))


class ExportDetail(APIView):
    required_roles: ClassVar = {"GET": AUTHENTICATED}

    @extend_schema(responses={200: JobOut, **REFUSALS}, tags=["jobs"], operation_id="getExport")
    def get(self, request: Request, id: UUID) -> Response:
        """How far an export is."""
        return job_response(services.get_job(job_id=id, viewer=viewer_of(request)))


class JobErrors(APIView):
    required_roles: ClassVar = {"GET": AUTHENTICATED}

    @extend_schema(
        responses={200: RowErrorPage, **REFUSALS, **problem_responses(422)},
        tags=["jobs"],
        operation_id="listJobErrors",
    )
    def get(self, request: Request, id: UUID) -> Response:
        """The refused rows of a job, with the reasons."""
        page = page_of(request, order=ERROR_ORDER)
        rows, more = services.row_error_page(job_id=id, viewer=viewer_of(request), page=page)
        results = RowErrorOut(rows, many=True).data
        return page_response(request, results, rows=rows, more=more, order=ERROR_ORDER, page=page)


class JobErrorsFile(APIView):
    content_negotiation_class = AnyRepresentation
    required_roles: ClassVar = {"GET": AUTHENTICATED}

    @extend_schema(
        responses={(200, "text/csv"): OpenApiTypes.STR, **REFUSALS},
        tags=["jobs"],
        operation_id="downloadJobErrors",
    )
    def get(self, request: Request, id: UUID) -> StreamingHttpResponse:
        """The refused rows of a job as CSV."""
        errors = services.row_errors(job_id=id, viewer=viewer_of(request))
        return StreamingHttpResponse(
            _csv(errors),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{id}-errors.csv"'},
        )


class JobResult(APIView):
    content_negotiation_class = AnyRepresentation
    required_roles: ClassVar = {"GET": AUTHENTICATED}

    @extend_schema(
        responses={
            (200, "*/*"): OpenApiTypes.BINARY,
            **REFUSALS,
            **problem_responses(409),
        },
        tags=["jobs"],
        operation_id="downloadJobResult",
    )
    def get(self, request: Request, id: UUID) -> FileResponse:
        """The file that a job made."""
        name, content = services.open_result(job_id=id, viewer=viewer_of(request))
        return FileResponse(content, as_attachment=True, filename=name)


class JobCancel(APIView):
    required_roles: ClassVar = {"POST": AUTHENTICATED}

    @extend_schema(
        request=None,
        responses={200: JobOut, **REFUSALS, **problem_responses(409)},
        tags=["jobs"],
        operation_id="cancelJob",
    )
    @idempotent
    def post(self, request: Request, id: UUID) -> Response:
        """Stop a job: at once while it waits, after its present batch while it runs."""
        job = services.cancel_job(job_id=id, viewer=viewer_of(request), now=now())
        return job_response(job)


FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a cell begins that some spreadsheet runs, the wide forms included."""


def _csv(errors: Iterable[RowError]) -> Iterator[str]:
    line = StringIO()
    writer = csv.writer(line)
    writer.writerow(("row", "pointer", "code", "detail"))
    for error in errors:
        writer.writerow((error.row, *map(_cell, (error.pointer, error.code, error.detail))))
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def _cell(text: str) -> str:
    """A spreadsheet must not run what a file of strangers put into its cells."""
    return f"'{text}" if text.startswith(FORMULA) else text
