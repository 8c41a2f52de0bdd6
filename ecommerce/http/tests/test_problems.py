"""Every error is a problem document."""

from typing import Any

import pytest
from django.test import RequestFactory, override_settings

from ecommerce.http.middleware import WorkContextMiddleware
from ecommerce.identity import MERCHANDISER, Viewer
from ecommerce.ids import new_id
from ecommerce.testing import JsonClient

pytestmark = [pytest.mark.urls("ecommerce.http.tests.doors")]
ORDERS = "/api/v1/orders"
GOOD = {"unitPrice": {"amount": 1, "currency": "EUR"}, "lines": [{"skuCode": "M", "quantity": 1}]}


@pytest.fixture
def client() -> JsonClient:
    return JsonClient(raise_request_exception=False)


def post_bytes(client: JsonClient, body: bytes, media_type: str = "application/json") -> Any:
    raw: Any = client
    return raw.generic("POST", ORDERS, body, content_type=media_type)


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["type"] == f"/api/problems/{code}"
    assert (body["status"], body["code"]) == (status, code)
    assert body["title"]
    assert body["detail"]
    assert body["correlationId"] == response["Correlation-Id"]
    return body


def test_a_refusal_tells_its_code_its_sentence_and_its_facts(client: JsonClient) -> None:
    body = problem(client.get("/api/v1/refusals/conflict"), 409, "mugs/out-of-stock")

    assert body["detail"] == "Only one mug is left."
    assert body["lines"] == [{"skuId": "a", "requested": 2, "available": 1}]


def test_a_fault_points_with_the_names_of_the_wire(client: JsonClient) -> None:
    body = problem(client.get("/api/v1/refusals/fault"), 422, "invalid")

    assert body["errors"] == [
        {"pointer": "/unitPrice/amount", "detail": "Too dear.", "code": "too-dear"}
    ]


def test_every_invalid_field_is_pointed_at(client: JsonClient) -> None:
    body = {
        "unitPrice": {"amount": -1, "currency": "EUR"},
        "giftNote": "rude",
        "lines": [{"skuCode": "M", "quantity": 1}, {"skuCode": "x" * 21, "quantity": 0}],
        "extraNotes": {"a/b": []},
    }

    answer = problem(client.post(ORDERS, body, format="json"), 422, "invalid")

    assert {(error["pointer"], error["code"]) for error in answer["errors"]} == {
        ("/unitPrice/amount", "min_value"),
        ("/giftNote", "rude"),
        ("/lines/1/skuCode", "max_length"),
        ("/lines/1/quantity", "min_value"),
        ("/extraNotes/a~1b", "invalid"),
    }


def test_a_wrong_query_parameter_is_pointed_at(client: JsonClient) -> None:
    body = problem(client.get("/api/v1/filters?maxPrice=dear"), 422, "invalid")

    assert [error["pointer"] for error in body["errors"]] == ["?maxPrice"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api/v1/nowhere", 404, "not-found"),
        ("get", "/api/v1/orders/not-a-uuid", 404, "not-found"),
        ("delete", ORDERS, 405, "method-not-allowed"),
        ("get", "/api/v1/refusals/suspicious", 400, "malformed"),
        ("get", "/api/v1/filters?maxPrice=%00", 400, "malformed"),
        ("get", "/api/v1/refusals/a%00b", 400, "malformed"),
    ],
)
def test_the_framework_refuses_in_problems(
    client: JsonClient, method: str, path: str, status: int, code: str
) -> None:
    problem(getattr(client, method)(path), status, code)


def test_a_representation_that_we_do_not_make_is_refused(client: JsonClient) -> None:
    problem(client.get("/api/v1/parcels", HTTP_ACCEPT="text/html"), 406, "not-acceptable")


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x"]
)
def test_a_media_type_that_we_do_not_read_is_refused(client: JsonClient, media_type: str) -> None:
    response = post_bytes(client, b"x", media_type)

    problem(response, 415, "unsupported-media-type")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"\xff\xfe",
        b'"\\ud800"',
        b"[NaN]",
        b"[Infinity]",
        b"[" * 50_000,
        b"[" * 65 + b"]" * 65,
        b'{"a":' * 65 + b"1" + b"}" * 65,
        b'{"giftNote": "a\\u0000b"}',
        b'{"a\\u0000b": 1}',
    ],
)
def test_a_body_that_cannot_be_read_or_kept_is_refused(client: JsonClient, body: bytes) -> None:
    response = post_bytes(client, body)

    assert response.status_code == 422 if body == b"" else problem(response, 400, "malformed")


def test_a_backslash_before_u0000_is_no_nul(client: JsonClient) -> None:
    body = b'{"giftNote": "a\\\\u0000b"}'
    response = post_bytes(client, body)

    assert problem(response, 422, "invalid")


@pytest.mark.parametrize(
    "quantity",
    ["2147483648", "-2147483649", "1" + "0" * 30, "1e400", "1.5", '"x"', "null", "{}", "[1]"],
)
def test_no_number_overflows_its_column(client: JsonClient, quantity: str) -> None:
    line = f'{{"skuCode": "M", "quantity": {quantity}}}'
    body = f'{{"unitPrice": {{"amount": 1, "currency": "EUR"}}, "lines": [{line}]}}'
    response = post_bytes(client, body.encode())

    assert response.status_code in {400, 422}
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("total", [2**53, -(2**53)])
def test_amounts_are_bounded_by_what_json_keeps_exact(client: JsonClient, total: int) -> None:
    body = problem(
        client.post(ORDERS, {**GOOD, "totalMinor": total}, format="json"), 422, "invalid"
    )

    assert [error["pointer"] for error in body["errors"]] == ["/totalMinor"]
    assert client.post(ORDERS, {**GOOD, "totalMinor": 2**53 - 1}, format="json").status_code == 201


@pytest.mark.parametrize(
    ("money", "faults"),
    [
        (5, {("/unitPrice", "object")}),
        ({}, {("/unitPrice/amount", "amount"), ("/unitPrice/currency", "currency")}),
        ({"amount": 1.0, "currency": "EUR"}, {("/unitPrice/amount", "amount")}),
        ({"amount": True, "currency": "EUR"}, {("/unitPrice/amount", "amount")}),
        ({"amount": 10**12 + 1, "currency": "EUR"}, {("/unitPrice/amount", "range")}),
        ({"amount": -1, "currency": "EUR"}, {("/unitPrice/amount", "min_value")}),
        ({"amount": 1, "currency": "eur"}, {("/unitPrice/currency", "currency")}),
    ],
)
def test_money_is_a_whole_number_with_a_code(
    client: JsonClient, money: Any, faults: set[tuple[str, str]]
) -> None:
    body = problem(client.post(ORDERS, {**GOOD, "unitPrice": money}, format="json"), 422, "invalid")

    assert {(error["pointer"], error["code"]) for error in body["errors"]} == faults


def test_a_body_that_is_too_large_is_refused(client: JsonClient, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = {**GOOD, "giftNote": "x" * 100}

    problem(client.post(ORDERS, body, format="json"), 413, "body-too-large")


def test_a_body_of_too_many_parts_is_refused_before_it_is_taken_apart(client: JsonClient) -> None:
    problem(post_bytes(client, b"[" + b"{}," * 50_000 + b"1]"), 413, "body-too-large")


def test_a_database_that_is_away_is_503_with_retry_after_and_no_secret(client: JsonClient) -> None:
    response = client.get("/api/v1/refusals/lost")

    problem(response, 503, "unavailable/database")
    assert response["Retry-After"] == "1"
    assert b"hunter2" not in response.content


@pytest.mark.django_db
def test_a_number_that_the_database_refuses_is_invalid_input(client: JsonClient) -> None:
    problem(client.get("/api/v1/refusals/overflow"), 422, "invalid/out-of-range")


@pytest.mark.django_db
def test_a_number_that_does_not_fit_its_column_is_named_with_its_place(client: JsonClient) -> None:
    told = {"lines": [{"units": 3}, {"units": 5_000_000_000}]}
    body = problem(client.post("/api/v1/columns", told, format="json"), 422, "invalid/out-of-range")
    assert "5000000000 is not from -2147483648 to 2147483647" in body["detail"]
    assert [error["pointer"] for error in body["errors"]] == ["/lines/1/units"]

    computed = {"lines": [{"units": 3}, {"units": 2_000_000_000}], "times": 2}
    body = problem(
        client.post("/api/v1/columns", computed, format="json"), 422, "invalid/out-of-range"
    )
    assert "4000000000 is not from" in body["detail"]
    assert "errors" not in body


@pytest.mark.parametrize("name", ["bug", "constraint"])
def test_a_bug_says_nothing_but_the_correlation_id(client: JsonClient, name: str) -> None:
    response = client.get(f"/api/v1/refusals/{name}", headers={"Correlation-Id": "call-7"})

    body = problem(response, 500, "internal")
    assert body["correlationId"] == "call-7"
    assert b"secret" not in response.content


def test_a_stranger_is_asked_to_sign_in_and_a_customer_is_refused(client: JsonClient) -> None:
    stranger = client.post("/api/v1/staff")
    problem(stranger, 401, "unauthenticated")
    assert stranger["WWW-Authenticate"].startswith("Bearer")

    client.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"customer"})))
    problem(client.post("/api/v1/staff"), 403, "forbidden")
    assert client.put("/api/v1/staff").status_code == 200

    client.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({MERCHANDISER})))
    assert client.post("/api/v1/staff").status_code == 200


def test_a_guest_is_known_by_the_digest_of_the_token(client: JsonClient) -> None:
    answer = client.get("/api/v1/staff", headers={"Guest-Token": "abc"}).json()

    assert answer == {"guest": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}


@override_settings(ALLOWED_HOSTS=["shop.example"])
def test_a_host_that_is_not_ours_is_a_problem_too(client: JsonClient) -> None:
    problem(client.get("/api/v1/parcels", headers={"Host": "evil.example"}), 400, "malformed")


def test_json_is_camel_case_but_the_keys_of_maps_are_left_alone(client: JsonClient) -> None:
    assert client.get("/api/v1/parcels").json() == {
        "weightGrams": 5,
        "declaredValue": {"amount": 1999, "currency": "EUR"},
        "freeWords": {"snake_key": "x"},
        "isHeavy": False,
    }
    assert client.post(ORDERS, GOOD, format="json").json() == ["lines", "unit_price"]


@pytest.mark.parametrize("sent", ["call-7", "a" * 128])
def test_a_harmless_correlation_id_comes_back(client: JsonClient, sent: str) -> None:
    answer = client.get("/api/v1/parcels", headers={"Correlation-Id": sent})

    assert answer["Correlation-Id"] == sent


@pytest.mark.parametrize("sent", ["", "a" * 129, "a b", "<script>", "é", 'x"y'])
def test_a_harmful_correlation_id_is_replaced(client: JsonClient, sent: str) -> None:
    answer = client.get("/api/v1/parcels", headers={"Correlation-Id": sent})

    assert len(answer["Correlation-Id"]) == 36


def test_a_trace_goes_on_under_a_span_of_ours(client: JsonClient) -> None:
    trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    answer = client.get("/api/v1/parcels", headers={"traceparent": f"00-{trace}-{parent}-01"})

    version, trace_id, span_id, flags = answer["traceparent"].split("-")
    assert (version, trace_id, flags) == ("00", trace, "01")
    assert span_id != parent


@pytest.mark.parametrize("sent", ["x", "00-" + "0" * 32 + "-00f067aa0ba902b7-01", "ff-1-2-3"])
def test_a_broken_trace_starts_anew(client: JsonClient, sent: str) -> None:
    answer = client.get("/api/v1/parcels", headers={"traceparent": sent})

    assert int(answer["traceparent"].split("-")[1], 16) > 0


def test_options_names_the_methods(client: JsonClient) -> None:
    answer = client.options(ORDERS)

    assert (answer.status_code, answer["Allow"]) == (204, "POST, OPTIONS")


def test_the_context_ends_with_the_request() -> None:
    from django.http import HttpResponse

    from ecommerce import context

    seen = []

    def view(request: Any) -> HttpResponse:
        seen.append(context.current().correlation_id)
        return HttpResponse()

    request = RequestFactory().get("/", headers={"Correlation-Id": "one"})
    WorkContextMiddleware(view)(request)

    assert (seen, context.current().correlation_id) == (["one"], None)
