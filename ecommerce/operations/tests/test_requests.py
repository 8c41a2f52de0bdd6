"""What a request leaves behind: a line, a count, a duration."""

import json
from typing import Any

import pytest
from prometheus_client import REGISTRY

from ecommerce.testing import JsonClient


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_requests_are_counted_by_route_and_not_by_path(api: JsonClient) -> None:
    labels = {"method": "GET", "route": "unmatched", "status_code": "404"}
    before = counted("http_requests_total", **labels)

    api.get("/nothing/here")
    api.get("/nothing/there")

    assert counted("http_requests_total", **labels) == before + 2


def test_an_invented_method_cannot_fill_the_metrics(api: JsonClient) -> None:
    api.generic("BREW", "/nothing/here")

    assert counted("http_requests_total", method="other", route="unmatched", status_code="404") >= 1
    assert counted("http_requests_total", method="BREW", route="unmatched", status_code="404") == 0


def test_a_request_is_one_line_without_its_query(
    api: JsonClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="shop.request"):
        api.get("/nothing/here?email=ada@example.com", headers={"Correlation-Id": "c-7"})

    (line,) = [json.loads(text) for text in caplog.text.splitlines() if "shop.request" in text]
    assert isinstance(line, dict)
    assert (line["method"], line["path"], line["status"]) == ("GET", "/nothing/here", 404)
    assert line["correlation_id"] == "c-7"
    assert line["request_id"]
    assert "ada" not in str(line)


def test_health_checks_do_not_fill_the_log(
    api: JsonClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        api.get("/health/live")

    assert caplog.text == ""


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "203.0.113.9"}, 403),
        ({"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, 403),
    ],
)
@pytest.mark.django_db
def test_metrics_are_for_this_machine_where_no_token_is_set(
    api: JsonClient, sent: dict[str, Any], status: int
) -> None:
    assert api.get("/metrics", **sent).status_code == status


@pytest.mark.django_db
def test_with_a_token_set_only_its_bearer_reads_the_metrics(api: JsonClient, settings: Any) -> None:
    settings.METRICS_TOKEN = "scraper"

    assert api.get("/metrics").status_code == 403
    assert api.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    answer = api.get("/metrics", headers={"Authorization": "Bearer scraper"})

    assert answer.status_code == 200
    assert b"# TYPE orders_created_total counter" in answer.content
