"""Whatever is sent to the API, as whomever: no 5xx, and no answer that the OpenAPI document does not tell.

``FUZZ_EXAMPLES`` (default 6) is how many requests each operation gets of each kind, well-formed and not;
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
from tests.contract.objects import Values, maker_of
from tests.contract.people import Someone, anonymous, customer, operator

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))
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
    "operator": operator,
}
PREFIX = "/api/v1/"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("caller", CALLERS)
def test_no_answer_is_outside_of_the_document(caller: str) -> None:
    document = schemathesis.openapi.from_wsgi("/api/schema", application)
    failures: list[str] = []
    for operation in operations(document):
        try:
            fuzz(operation, CALLERS[caller]())
        except (FailureGroup, AssertionError) as found:
            failures.append(f"{operation.label}: {told(found)}")

    assert not failures, "\n\n".join(failures)


def operations(document: Any) -> list[Any]:
    """All of them; the one that makes the gateway misbehave comes last."""
    found = [result.ok() for result in document.get_all_operations()]
    wanted = [operation for operation in found if ONLY in operation.label]
    return sorted(wanted, key=lambda operation: "simulate" in operation.label)


def fuzz(operation: Any, caller: Someone) -> None:
    """Well-formed and malformed requests, most of them for an object that is there."""
    object_there = made_for(operation, caller)
    chance = random.Random(operation.label)  # repeatable, not secret

    def send(case: Any) -> None:
        if object_there and chance.random() < 0.8:
            case.path_parameters = {**(case.path_parameters or {}), **object_there}
        case.call_and_validate(checks=CHECKS, headers=caller.headers)

    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query):
            continue
        strategy = operation.as_strategy(generation_mode=mode)
        quick: Any = settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        fed: Any = given(strategy)
        quick(fed(send))()


def made_for(operation: Any, caller: Someone) -> Values:
    """The values of the path for an object of the caller's own (of a customer's, for a stranger)."""
    path = operation.path.removeprefix(PREFIX)
    maker = maker_of(path)
    names = {parameter.name for parameter in operation.path_parameters}
    if maker is None or not names:
        return {}
    owner = caller if caller.user_id is not None else customer()
    made = maker(owner)
    return {name: value for name, value in made.items() if name in names}


def told(found: BaseException) -> str:
    """Each distinct failure: what was violated, and what came."""
    if not isinstance(found, FailureGroup):
        return f"{type(found).__name__}: {found}"[:1500]
    return "\n".join(
        f"{type(one).__name__}: {str(one)[:300]}\n...{str(one)[-300:]}" for one in found.exceptions
    )
