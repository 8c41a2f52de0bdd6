"""Whatever is sent to the API, as whomever: no 5xx, nothing slow, and no answer that its document does not tell.

``FUZZ_ONLY`` is a part of the operations' labels, for looking closer at one.
"""

import os
import random
from collections.abc import Callable
from typing import Any

from abusing.inside import inside
from proving.experiment import Report, experiment
from proving.lab import Lab

ONLY = os.environ.get("FUZZ_ONLY", "")
PREFIX = "/api/v1/"
SLOW_SECONDS = 2.0
CHAIN, CHAINS_SHARE = 6, 4
"""So many steps has a chain of requests that follow from each other; one chain for so many examples."""


def generated(report: Report, examples: int) -> None:
    """Each operation, with so many requests of each kind, well-formed and not, as three callers; then chains."""
    import schemathesis

    from abusing.bodies import FILES  # noqa: F401  # the rules load the objects
    from abusing.names import things_to_name
    from abusing.people import anonymous, customer, staff
    from config.wsgi import application

    # NUL is refused before anything else; the experiment with texts sends it.
    config = schemathesis.Config.from_dict({"generation": {"allow-x00": False}})
    document = schemathesis.openapi.from_wsgi("/api/schema", application, config=config)
    fuzzer = Fuzzer(things_to_name(customer()))
    callers: dict[str, Callable[[], Any]] = {
        "anonymous": anonymous,
        "customer": customer,
        "staff": staff,
    }
    operations = _operations(document)
    for make in callers.values():
        for operation in operations:
            someone = make()
            times = examples if _is_let_in(operation, someone) else 1
            fuzzer.fuzz(operation, someone, times)
    fuzzer.chain(document, staff(), max(2, examples // CHAINS_SHARE) if not ONLY else 0)
    report.note(
        operations=len(operations),
        requests=fuzzer.requests,
        in_chains=fuzzer.chained,
        slowest=f"{fuzzer.slowest:.2f} s",
    )
    report.expect("answers outside of the document", fuzzer.failures, [])
    report.expect("answers that took longer than 2 s", fuzzer.slow, [])


def _operations(document: Any) -> list[Any]:
    """All of them; the one that makes the gateway misbehave comes last."""
    found = [result.ok() for result in document.get_all_operations()]
    wanted = [operation for operation in found if ONLY in operation.label]
    return sorted(wanted, key=lambda operation: "simulate" in operation.label)


def _is_let_in(operation: Any, someone: Any) -> bool:
    """Has the caller a role that the door asks for? Else one request shows all that there is."""
    from abusing.doors import routes

    for route in routes():
        path = route.url({name: f"{{{name}}}" for name in route.parameters})
        if (route.method, path) == (operation.method.upper(), operation.path):
            return not route.roles or bool(someone.roles & set(route.roles))
    raise AssertionError(f"{operation.label} is not in the URL map")


class Fuzzer:
    """Sends, and keeps what came of it."""

    def __init__(self, named: dict[str, str]) -> None:
        from schemathesis.checks import not_a_server_error
        from schemathesis.specs.openapi import checks

        self.checks: list[Any] = [
            not_a_server_error,
            checks.status_code_conformance,
            checks.content_type_conformance,
            checks.response_headers_conformance,
            checks.response_schema_conformance,
        ]
        self.failures: list[str] = []
        self.slow: list[str] = []
        self.requests = self.chained = 0
        self.slowest = 0.0
        self._named = named
        self._shared: dict[Any, Any] = {}

    def fuzz(self, operation: Any, someone: Any, examples: int) -> None:
        """Well-formed and malformed requests, most of them for things that are there."""
        from hypothesis import given
        from schemathesis import GenerationMode

        made = self._objects(operation, someone)
        chance = random.Random(operation.label)  # repeatable, not secret

        def send(case: Any) -> None:
            if chance.random() < 0.8:
                self._name_things(case, made)
            self.call(case, someone.headers)

        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query):
                continue
            fed: Any = given(operation.as_strategy(generation_mode=mode))
            self._judge(operation.label, _quick(examples)(fed(send)))

    def chain(self, document: Any, someone: Any, chains: int) -> None:
        """Requests that follow from each other: what one answer names, the next one asks for."""
        from schemathesis.generation.stateful import run_state_machine_as_test

        fuzzer = self

        class Chain(document.as_state_machine()):  # type: ignore[misc]  # made at run time
            def get_call_kwargs(self, case: Any) -> dict[str, Any]:
                return {"headers": someone.headers}

            def validate_response(self, response: Any, case: Any, **_: Any) -> None:
                fuzzer.chained += 1
                fuzzer.note(case, response)
                case.validate_response(response, checks=fuzzer.checks)

        if chains:
            limits = _quick(chains, stateful_step_count=CHAIN)
            self._judge("a chain", lambda: run_state_machine_as_test(Chain, settings=limits))

    def call(self, case: Any, headers: dict[str, str]) -> None:
        response = case.call(headers=headers)
        self.note(case, response)
        case.validate_response(response, checks=self.checks)

    def note(self, case: Any, response: Any) -> None:
        """Count it, and remember it where it was slow."""
        self.requests += 1
        self.slowest = max(self.slowest, response.elapsed)
        if response.elapsed > SLOW_SECONDS:
            self.slow.append(f"{case.operation.label}: {response.elapsed:.1f} s")

    def _judge(self, label: str, run: Callable[[], object]) -> None:
        from schemathesis.core.failures import FailureGroup

        try:
            run()
        except (FailureGroup, AssertionError) as found:
            self.failures.append(f"{label}: {_told(found)}")

    def _objects(self, operation: Any, someone: Any) -> dict[str, str]:
        """The objects behind a path: the caller's own (a customer's, for a stranger). Reads share them."""
        from abusing.objects import maker_of
        from abusing.people import customer

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

    def _name_things(self, case: Any, made: dict[str, str]) -> None:
        case.path_parameters = {**(case.path_parameters or {}), **made}
        case.query = _with_names(case.query, self._named)
        case.body = _with_names(case.body, self._named)
        if "If-Match" in (case.headers or {}):
            case.headers["If-Match"] = '"1"'


def _quick(examples: int, **more: Any) -> Any:
    from hypothesis import HealthCheck, Phase, settings

    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        **more,
    )


def _with_names(value: Any, named: dict[str, str]) -> Any:
    """The same, with ids of things that are there where a member is meant to name one."""
    if isinstance(value, dict):
        return {
            member: named[member] if member in named else _with_names(inner, named)
            for member, inner in value.items()
        }
    if isinstance(value, list):
        return [_with_names(inner, named) for inner in value]
    return value


def _told(found: BaseException) -> str:
    """Each distinct failure: what was violated, and what came."""
    from schemathesis.core.failures import FailureGroup

    if not isinstance(found, FailureGroup):
        return f"{type(found).__name__}: {found}"[:1500]
    return "\n".join(
        f"{type(one).__name__}: {str(one)[:300]}\n...{str(one)[-300:]}" for one in found.exceptions
    )


def _control(lab: Lab, report: Report, examples: int) -> None:
    inside(lab, report, generated, 1, "problems")


@experiment(
    19,
    "no 5xx, no answer outside of the document, none over 2 s",
    control=_control,
    guard="problem documents for refusals",
    short=1,
    long=200,
)
def fuzzed(lab: Lab, report: Report, examples: int) -> None:
    """Generated requests at every operation, well-formed, malformed and in chains, as three callers."""
    inside(lab, report, generated, examples)
