"""Versions out as ETag, in by If-Match; nothing sent that the caller has."""

from typing import Any

import pytest

from ecommerce.testing import JsonClient

pytestmark = [pytest.mark.urls("ecommerce.http.tests.doors")]
PATH = "/api/v1/versioned"


def ask(method: str, **headers: str) -> Any:
    return getattr(JsonClient(), method)(PATH, headers=headers)


@pytest.mark.parametrize("sent", ['"7"', 'W/"7"', '"6", "7"', '"6",W/"7"', "*"])
def test_what_the_caller_has_is_not_sent_again(sent: str) -> None:
    answer = ask("get", **{"If-None-Match": sent})

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", '"7"')


@pytest.mark.parametrize("sent", ['"6"', "7", "", '"77"', "rubbish"])
def test_what_the_caller_has_not_is_sent(sent: str) -> None:
    answer = ask("get", **{"If-None-Match": sent})

    assert (answer.status_code, answer.content) == (200, b'{"version":7}')


def test_the_version_that_is_meant_is_read_from_if_match() -> None:
    assert ask("put", **{"If-Match": '"7"'}).json() == {"version": 7}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 428),
        ({"If-Match": "*"}, 428),
        ({"If-Match": 'W/"7"'}, 412),
        ({"If-Match": '"seven"'}, 412),
        ({"If-Match": '"' + "9" * 30 + '"'}, 412),
        ({"If-Match": "7"}, 422),
        ({"If-Match": '"7", "8"'}, 422),
        ({"If-Match": '"7'}, 422),
        ({"If-Match": ""}, 422),
    ],
)
def test_anything_else_is_refused(headers: dict[str, str], status: int) -> None:
    assert ask("put", **headers).status_code == status
