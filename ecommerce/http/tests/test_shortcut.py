"""Data goes past what only pages need, and is no less guarded."""

from typing import Any

import pytest
from django.http import BadHeaderError, HttpResponse
from django.test import Client

from ecommerce.http.headers import put, put_ready, ready

DATA, PAGE = "/api/problems/not-found", "/admin/login/"


@pytest.mark.django_db
@pytest.mark.parametrize("path", [DATA, PAGE, "/api/docs", "/api/v1/nothing"])
def test_every_answer_is_guarded(path: str) -> None:
    answer = Client().get(path)

    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src" in answer["Content-Security-Policy"]
    assert int(answer["Content-Length"]) == len(answer.content)


@pytest.mark.parametrize("path", [DATA, PAGE])
def test_a_host_that_is_not_ours_is_refused(path: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["shop.example"]

    answer = Client().get(path, headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_data_needs_no_session_and_no_cookie() -> None:
    client = Client()
    client.cookies["sessionid"] = "made-up"

    answer = client.get(DATA)

    assert not hasattr(answer.wsgi_request, "session")
    assert not answer.cookies


def test_data_says_that_it_varies_by_origin_and_answers_those_that_may_ask(settings: Any) -> None:
    settings.CORS_ALLOW_ALL_ORIGINS = False
    settings.CORS_ALLOWED_ORIGINS = ["https://shop.example"]
    ours, others, none = (
        Client().get(DATA, headers=headers)
        for headers in (
            {"origin": "https://shop.example"},
            {"origin": "https://evil.example"},
            {},
        )
    )

    assert ours["Access-Control-Allow-Origin"] == "https://shop.example"
    assert not others.has_header("Access-Control-Allow-Origin")
    assert {answer["Vary"] for answer in (ours, others, none)} == {"origin"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", [DATA, PAGE, "/api/docs"])
def test_whoever_comes_without_tls_is_sent_to_it(path: str, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 60

    sent = Client().get(path)
    over_tls = Client().get(path, secure=True)

    assert sent.status_code == 301
    assert sent["Location"] == f"https://testserver{path}"
    assert not sent.has_header("Strict-Transport-Security")
    assert over_tls["Strict-Transport-Security"] == "max-age=60"


def test_headers_made_ready_are_checked() -> None:
    answer = HttpResponse()
    put_ready(answer, ready({"X-Frame-Options": "DENY"}))
    put(answer, "ETag", '"1"')

    assert answer["x-frame-options"] == "DENY"
    assert dict(answer.items()) == {
        "Content-Type": "text/html; charset=utf-8",
        "X-Frame-Options": "DENY",
        "ETag": '"1"',
    }
    with pytest.raises(BadHeaderError):
        ready({"X-Frame-Options": "DENY\r\nSet-Cookie: a=b"})
