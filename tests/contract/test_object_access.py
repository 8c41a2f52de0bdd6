"""What is one customer's, no other customer, guest or stranger sees or touches: every route of the URL map.

Generated, so that a new endpoint cannot be forgotten: a route with a parameter and without a maker in
``objects.py`` fails. Each refusal has its control: the owner, sending the same, does get in.
"""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from config.wsgi import application
from ecommerce.http.permissions import AUTHENTICATED
from tests.contract.objects import OWNED_BY_GUESTS, PRIVATE, Maker, Values, is_private, maker_of
from tests.contract.people import Someone, anonymous, customer, guest
from tests.contract.routes import Route, routes

KEPT_OUT = frozenset({401, 403, 404})
NOT_READ = frozenset({400, 422})
"""The body was refused before anybody looked for the object."""
STRANGERS: dict[str, Callable[[], Someone]] = {
    "anonymous": anonymous,
    "customer": customer,
    "guest": guest,
}
ROUTES = routes()
WITH_OBJECT = [route for route in ROUTES if route.parameters]
OF_SOMEONE = [route for route in WITH_OBJECT if is_private(route.path)]
OF_GUESTS = [route for route in OF_SOMEONE if route.path.startswith(OWNED_BY_GUESTS)]
OF_NOBODY = [route for route in WITH_OBJECT if not is_private(route.path)]
LISTS = [route for route in ROUTES if not route.parameters and route.method == "GET"]
BODIES = 12
"""How many bodies are tried until one passes validation."""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def document() -> Any:
    return schemathesis.openapi.from_wsgi("/api/schema", application)


def test_every_route_with_an_object_says_how_to_make_it() -> None:
    unknown = sorted({route.path for route in WITH_OBJECT if maker_of(route.path) is None})

    assert not unknown, f"add to tests/contract/objects.py: {unknown}"


def test_what_is_a_customers_is_nobody_elses(document: Any) -> None:
    found = leaks(OF_SOMEONE, customer, document)

    assert not found, "\n".join(found)


def test_what_is_a_guests_is_nobody_elses(document: Any) -> None:
    found = leaks(OF_GUESTS, guest, document)

    assert not found, "\n".join(found)


def test_what_is_nobodys_own_only_some_may_change() -> None:
    strangers = {"anonymous": anonymous(), "customer": customer()}
    made = {maker: maker(customer()) for maker in {wanted(route) for route in OF_NOBODY}}
    found = []
    for route in OF_NOBODY:
        if route.method == "GET" and not route.roles:
            continue
        for name, stranger in strangers.items():
            answer = send(route, made[wanted(route)], stranger, None)
            if answer.status_code not in {401, 403}:
                found.append(f"{route}: {name} got {answer.status_code} {answer.content[:200]!r}")

    assert not found, "\n".join(found)


def test_no_list_shows_what_is_anothers() -> None:
    owner = customer()
    secrets = {
        value for maker in PRIVATE.values() for value in maker(owner).values() if len(value) == 36
    }
    found = []
    for route in LISTS:
        for stranger in (anonymous(), customer()):
            answer = stranger.client.get(route.url({}))
            shown = [secret for secret in secrets if secret in answer.content.decode()]
            if answer.status_code >= 500 or shown:
                found.append(f"{route}: {answer.status_code} shows {shown}")

    assert not found, "\n".join(found)


def wanted(route: Route) -> Maker:
    maker = maker_of(route.path)
    assert maker is not None, f"add {route.path} to tests/contract/objects.py"
    return maker


def leaks(routes: list[Route], owner_of: Callable[[], Someone], document: Any) -> list[str]:
    """What is wrong with each route. Reads share an object; a write gets an owner of its own."""
    strangers = {name: someone() for name, someone in STRANGERS.items()}
    shared: dict[Any, tuple[Someone, Values]] = {}
    found = []
    for route in routes:
        maker = wanted(route)
        if route.method != "GET" or maker not in shared:
            owner = owner_of()
            shared[maker] = (owner, maker(owner))
        found += leaks_of(route, *shared[maker], strangers, document)
        if route.method != "GET":
            del shared[maker]
    return found


def leaks_of(
    route: Route, owner: Someone, made: Values, strangers: dict[str, Someone], document: Any
) -> list[str]:
    """The first body that is read decides: every stranger is kept out, and the owner gets in."""
    for body in bodies(route, document):
        answers = {name: send(route, made, one, body) for name, one in strangers.items()}
        if any(answer.status_code in NOT_READ for answer in answers.values()):
            continue
        found = [
            f"{route}: {name} got {answer.status_code} {answer.content[:200]!r}"
            for name, answer in answers.items()
            if answer.status_code not in KEPT_OUT
        ]
        return found or refused(route, made, owner, body)
    return [f"{route}: no body passed validation, so nothing was proved"]


def refused(route: Route, made: Values, owner: Someone, body: Any) -> list[str]:
    """The control. Where a role is asked for, the owner has none and is refused as well."""
    if route.roles and AUTHENTICATED not in route.roles:
        return []
    answer = send(route, made, owner, body)
    if answer.status_code in KEPT_OUT and answer.json()["code"] != "cart/coupon-not-found":
        return [f"{route}: its owner got {answer.status_code} {answer.content[:200]!r}"]
    return []


def send(route: Route, made: Values, someone: Someone, body: Any) -> Any:
    headers = {"If-Match": '"1"'}
    return someone.client.generic_json(route.method, route.url(made), body, headers=headers)


def bodies(route: Route, document: Any) -> list[Any]:
    """Bodies that the document calls well-formed; just none where the operation takes none."""
    path = route.url({name: f"{{{name}}}" for name in route.parameters})
    operation = document[path][route.method]
    if not operation.body:
        return [None]
    cases: list[Any] = []

    def keep(case: Any) -> None:
        cases.append(case)

    quick: Any = settings(
        max_examples=BODIES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    fed: Any = given(operation.as_strategy())
    quick(fed(keep))()
    return [case.body for case in cases if case.media_type == "application/json"]
