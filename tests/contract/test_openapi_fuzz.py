"""Whatever is sent to the API, as whomever: no 5xx, and no answer that the OpenAPI document does not tell.

``FUZZ_EXAMPLES`` (default 4) is how many requests each operation gets of each kind, well-formed and not;
``FUZZ_ONLY`` is a part of the operations' labels, for looking closer at one.
"""

import os
import random
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from tests.contract.names import things_to_name
from tests.contract.objects import Maker, Values, maker_of
from tests.contract.people import Someone, anonymous, customer, staff
from tests.contract.routes import routes

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "4"))
ONLY = os.environ.get("FUZZ_ONLY", "")
CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CALLERS: dict[str, Callable[[], Someone]] = {
    "anonymous": anonymous,
    "customer": customer,
    "staff": staff,
}
PREFIX = "/api/v1/"
WITHOUT_NUL = schemathesis.Config.from_dict({"generation": {"allow-x00": False}})
"""NUL is refused before anything else; its own tests are beside the parser."""
ROLES = {
    (route.method, route.url({name: f"{{{name}}}" for name in route.parameters})): route.roles
    for route in routes()
}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("caller", CALLERS)
def test_no_answer_is_outside_of_the_document(caller: str) -> None:
    document = schemathesis.openapi.from_wsgi("/api/schema", application, config=WITHOUT_NUL)
    failures: list[str] = []
    made = Made()
    named = things_to_name(customer())
    for operation in operations(document):
        someone = CALLERS[caller]()
        examples = EXAMPLES if is_let_in(operation, someone) else 1
        try:
            fuzz(operation, someone, made.of(operation, someone), named, examples)
        except (FailureGroup, AssertionError) as found:
            failures.append(f"{operation.label}: {told(found)}")

    assert not failures, "\n\n".join(failures)


def operations(document: Any) -> list[Any]:
    """All of them; the one that makes the gateway misbehave comes last."""
    found = [result.ok() for result in document.get_all_operations()]
    wanted = [operation for operation in found if ONLY in operation.label]
    return sorted(wanted, key=lambda operation: "simulate" in operation.label)


def is_let_in(operation: Any, someone: Someone) -> bool:
    """Has the caller a role that the door asks for? Else one request shows all that there is."""
    roles = ROLES[operation.method.upper(), operation.path]
    return not roles or bool(someone.roles & set(roles))


class Made:
    """The objects behind the paths: the caller's own (a customer's, for a stranger). Reads share them."""

    def __init__(self) -> None:
        self._shared: dict[Maker, tuple[Someone, Values]] = {}

    def of(self, operation: Any, someone: Someone) -> Values:
        maker = maker_of(operation.path.removeprefix(PREFIX))
        names = {parameter.name for parameter in operation.path_parameters}
        if maker is None or not names:
            return {}
        if operation.method.upper() == "GET" and maker in self._shared:
            owner, made = self._shared[maker]
            someone.headers = owner.headers if someone.user_id else someone.headers
        else:
            owner = someone if someone.user_id is not None else customer()
            made = maker(owner)
            self._shared[maker] = (owner, made)
        return {name: value for name, value in made.items() if name in names}


def fuzz(operation: Any, someone: Someone, made: Values, named: Values, examples: int) -> None:
    """Well-formed and malformed requests, most of them for things that are there."""
    chance = random.Random(operation.label)  # repeatable, not secret

    def send(case: Any) -> None:
        if chance.random() < 0.8:
            case.path_parameters = {**(case.path_parameters or {}), **made}
            case.query = with_names(case.query, named)
            case.body = with_names(case.body, named)
            if "If-Match" in (case.headers or {}):
                case.headers["If-Match"] = '"1"'
        case.call_and_validate(checks=CHECKS, headers=someone.headers)

    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query):
            continue
        quick: Any = settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        fed: Any = given(operation.as_strategy(generation_mode=mode))
        quick(fed(send))()


def with_names(value: Any, named: Values) -> Any:
    """The same, with ids of things that are there where a member is meant to name one."""
    if isinstance(value, dict):
        return {
            member: named[member] if member in named else with_names(inner, named)
            for member, inner in value.items()
        }
    if isinstance(value, list):
        return [with_names(inner, named) for inner in value]
    return value


def told(found: BaseException) -> str:
    """Each distinct failure: what was violated, and what came."""
    if not isinstance(found, FailureGroup):
        return f"{type(found).__name__}: {found}"[:1500]
    return "\n".join(
        f"{type(one).__name__}: {str(one)[:300]}\n...{str(one)[-300:]}" for one in found.exceptions
    )
