"""What the OpenAPI document says of every operation without being told."""

import inspect
import re
from types import CodeType
from typing import Any, ClassVar

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, get_lib_doc_excludes
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from ecommerce.http.components import MEANING, MONEY, PARAMETERS, PROBLEM, problem_name
from ecommerce.http.naming import camel
from ecommerce.http.permissions import AUTHENTICATED, roles_of
from ecommerce.http.serializers import MoneyField, Serializer


class Fault(Serializer):
    """One thing that is wrong with the input."""

    pointer = serializers.CharField(help_text="JSON Pointer into the body, or ?name of a parameter")
    detail = serializers.CharField()
    code = serializers.CharField()


class Problem(Serializer):
    """RFC 9457. Some problems carry further members, named in their documentation (``type``)."""

    type = serializers.CharField(help_text="Where the problem is documented")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField(help_text="Stable: decide by this one")
    correlation_id = serializers.CharField(allow_null=True)
    errors = Fault(many=True, required=False)  # type: ignore[assignment]  # a member of RFC 9457


def problem_responses(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """For ``extend_schema(responses={201: Out, **problem_responses(404, 409)})``."""
    return {(status, PROBLEM): OpenApiResponse(Problem, MEANING[status]) for status in statuses}


class MoneyFieldSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # upstream
    """One component for MoneyField and whatever is made of it."""

    target_class = "ecommerce.http.serializers.MoneyField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        name, schema = MONEY[direction]
        component = ResolvedComponent(  # type: ignore[no-untyped-call]  # untyped upstream
            name=name, type=ResolvedComponent.SCHEMA, schema=schema, object=MoneyField
        )
        auto_schema.registry.register_on_missing(component)
        reference: dict[str, Any] = component.ref
        return reference


class KeysetPages:
    """The shape of a page, for DRF's schema machinery."""

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return []

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "properties": {"results": schema, "next": link, "previous": link},
            "required": ["results", "next", "previous"],
        }


def bases_not_to_quote() -> list[type]:
    """Classes whose docstrings speak to developers of the shop, not to callers of its API."""
    bases: list[type] = get_lib_doc_excludes()  # type: ignore[no-untyped-call]  # upstream
    return [*bases, Serializer]


_NAMED: dict[str, type] = {}


class OperationSchema(AutoSchema):
    """Adds what follows from the view itself: roles, headers, paging, and the problems of all.

    What a method uses is read from the names in its code: ``require_version`` means If-Match,
    ``keyset_page`` means ``cursor``, and so on.
    """

    PAGING: ClassVar = frozenset({"keyset_page", "page_of", "page_response"})

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        operation["security"] = self._security()
        self._add_parameters(operation.setdefault("parameters", []))
        responses = operation["responses"]
        for status, response in responses.items():
            response["headers"] = {**self._headers(status), **response.get("headers", {})}
        self._add_problems(responses, has_body="requestBody" in operation)
        return operation

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        """The method's docstring, else the one of its class (not of a class above it)."""
        own = type(self.view).__dict__.get("__doc__") or ""
        return inspect.getdoc(self._method) or inspect.cleandoc(own)

    def get_summary(self) -> str:
        """The first line of the method's docstring, else its name in words."""
        first = self.get_description().partition("\n")[0].rstrip(".")
        return first or re.sub(r"(?<!^)([A-Z])", r" \1", self.get_operation_id()).capitalize()

    def get_operation_id(self) -> str:
        parts = [part.strip("{}") for part in self._tokenize_path()]
        return self.method.lower() + camel("_" + "_".join(parts).replace("-", "_"))

    def get_tags(self) -> list[str]:
        return self._tokenize_path()[:1]

    def is_deprecated(self) -> bool:
        return bool(getattr(self.view, "deprecated", False))

    def _get_paginator(self) -> "KeysetPages | None":
        """Lists (``many=True``) of a method that pages are in the shape of a page."""
        return KeysetPages() if self._uses(*self.PAGING) else None

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """The class's name; where two rooms use the same one, the later has its room before it."""
        name: str = super().get_serializer_name(serializer, direction)
        kind = type(serializer)
        if _NAMED.setdefault(name, kind) is kind:
            return name
        return kind.__module__.split(".")[1].capitalize() + name

    @property
    def _method(self) -> Any:
        return getattr(self.view, self.method.lower())

    @property
    def _code(self) -> CodeType:
        code: CodeType = inspect.unwrap(self._method).__code__
        return code

    def _uses(self, *names: str) -> bool:
        """Does the method, or a function of its own module that it calls, use one of these?"""
        own = inspect.unwrap(self._method)
        used = set(self._code.co_names)
        for name in self._code.co_names:
            called = own.__globals__.get(name)
            if inspect.isfunction(called) and called.__module__ == own.__module__:
                used |= set(called.__code__.co_names)
        return not used.isdisjoint(names)

    def _security(self) -> list[dict[str, list[str]]]:
        bearer: dict[str, list[str]] = {"bearer": []}
        return [bearer] if roles_of(self.view, self.method) else [bearer, {}]

    def _add_parameters(self, parameters: list[Any]) -> None:
        wanted = [
            ("CorrelationId", True),
            ("GuestToken", self._uses("viewer_of") and not roles_of(self.view, self.method)),
            ("IfNoneMatch", self._uses("OkJson", "not_modified")),
            ("IfMatch", self._uses("require_version") and self._version_is_optional()),
            ("IfMatchRequired", self._uses("require_version") and not self._version_is_optional()),
            ("Cursor", self._uses(*self.PAGING)),
            ("PageSize", self._uses(*self.PAGING)),
            ("IdempotencyKey", self._is_idempotent() and not self._method.key_required),
            ("IdempotencyKeyRequired", self._is_idempotent() and self._method.key_required),
        ]
        named = {parameter.get("name") for parameter in parameters}
        parameters += [
            {"$ref": f"#/components/parameters/{name}"}
            for name, applies in wanted
            if applies and PARAMETERS[name]["name"] not in named
        ]

    def _is_idempotent(self) -> bool:
        return bool(getattr(self._method, "idempotent", False))

    def _version_is_optional(self) -> bool:
        return any(
            isinstance(constant, tuple) and "optional" in constant
            for constant in self._code.co_consts
        )

    def _add_problems(self, responses: dict[str, Any], *, has_body: bool) -> None:
        roles = roles_of(self.view, self.method)
        expected = {
            401: bool(roles),
            403: bool(roles) and AUTHENTICATED not in roles,
            409: self._is_idempotent(),
            412: self._uses("require_version"),
            413: has_body,
            415: has_body,
            422: has_body or self._uses("read_query", "require_version", *self.PAGING),
            428: self._uses("require_version") and not self._version_is_optional(),
            429: True,
            503: True,
        }
        self.resolve_serializer(Problem, "response")
        declared = {int(status) for status in responses if int(status) in MEANING}
        for status in sorted(
            declared | {status for status, applies in expected.items() if applies}
        ):
            if set(responses.get(str(status), {}).get("content", {PROBLEM: {}})) == {PROBLEM}:
                responses[str(status)] = {"$ref": f"#/components/responses/{problem_name(status)}"}
        responses["default"] = {"$ref": "#/components/responses/Problem"}
        if self._uses("OkJson", "not_modified"):
            responses["304"] = {"description": "The caller has it already"}

    def _headers(self, status: str) -> dict[str, Any]:
        wanted = [
            ("Correlation-Id", True),
            ("RateLimit", True),
            ("RateLimit-Policy", True),
            ("ETag", status[0] == "2" and self._uses("etag_of", "OkJson")),
            ("Location", status in {"201", "202"}),
            ("Link", status == "200" and self._uses(*self.PAGING)),
            ("Idempotency-Replayed", status[0] == "2" and self._is_idempotent()),
            ("Deprecation", self.is_deprecated()),
            ("Sunset", self.is_deprecated()),
        ]
        return {
            name: {"$ref": f"#/components/headers/{name}"} for name, applies in wanted if applies
        }


def either_will_do(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Of shapes without a discriminator an answer may fit more than one: anyOf, not oneOf."""
    for schema in result["components"]["schemas"].values():
        if "oneOf" in schema and "discriminator" not in schema:
            schema["anyOf"] = schema.pop("oneOf")
    return result
