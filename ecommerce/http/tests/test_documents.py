"""The API describes itself."""

import re
from io import StringIO
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from ecommerce.http.documents import problem_types
from ecommerce.testing import JsonClient


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    answer: dict[str, Any] = JsonClient().get("/api/schema").json()
    return answer


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for methods in document["paths"].values() for operation in methods.values()]


def test_the_document_is_valid_and_warns_of_nothing() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_json_and_yaml_say_the_same(document: dict[str, Any]) -> None:
    as_yaml = JsonClient().get("/api/schema?format=yaml")

    assert as_yaml["Content-Type"].startswith("application/vnd.oai.openapi")
    assert yaml.safe_load(as_yaml.content)["paths"].keys() == document["paths"].keys()
    assert document["openapi"].startswith("3.1")


def test_every_operation_has_a_name_of_its_own_a_tag_and_a_sentence(
    document: dict[str, Any],
) -> None:
    names = [operation["operationId"] for operation in operations(document)]

    assert sorted(set(names)) == sorted(names)
    for operation in operations(document):
        assert re.fullmatch(r"[a-z][A-Za-z0-9]+", operation["operationId"])
        assert operation["tags"], operation["operationId"]
        assert operation.get("summary"), operation["operationId"]
        assert "default" in operation["responses"]


def test_what_a_view_uses_is_told(document: dict[str, Any]) -> None:
    cancel = document["paths"]["/api/v1/jobs/{id}/cancel"]["post"]
    errors = document["paths"]["/api/v1/jobs/{id}/errors"]["get"]

    assert {"$ref": "#/components/parameters/IdempotencyKey"} in cancel["parameters"]
    assert cancel["security"] == [{"bearer": []}]
    assert cancel["responses"]["409"] == {"$ref": "#/components/responses/Conflict409"}
    assert {"$ref": "#/components/parameters/Cursor"} in errors["parameters"]


def test_nothing_is_told_that_only_developers_of_the_shop_understand(
    document: dict[str, Any],
) -> None:
    told = [schema.get("description", "") for schema in document["components"]["schemas"].values()]

    assert not [text for text in told if "snake_case" in text]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    components = document["components"]
    references = set(re.findall(r"'#/components/(\w+)/([\w.-]+)'", str(document)))

    assert references
    assert all(name in components[kind] for kind, name in references)


def test_the_page_needs_nothing_of_other_hosts() -> None:
    page = JsonClient().get("/api/docs", headers={"Accept": "text/html"})
    text = page.content.decode()

    assert page.status_code == 200
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', text)
    assert "<script>" not in text
    script = JsonClient().get("/api/docs?script=", headers={"Accept": "*/*"})
    assert b"SwaggerUIBundle" in script.content


def test_the_type_of_a_problem_leads_to_its_meaning() -> None:
    answer = JsonClient().get("/api/problems/idempotency/key-reused").json()

    assert (answer["code"], answer["status"]) == ("idempotency/key-reused", 422)
    assert answer["meaning"] == "The same key came with another request."
    assert JsonClient().get("/api/problems/no-such").status_code == 404
    assert len(JsonClient().get("/api/problems").json()["results"]) == len(problem_types())
