"""The connection that a thread keeps to Valkey."""

import threading

import pytest
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError, ResponseError

from ecommerce import valkey

KEY = "test:valkey"


def test_it_answers() -> None:
    assert valkey.ask(settings.REDIS_URL, "SET", KEY, "1", "PX", 5_000) == b"OK"
    assert valkey.ask(settings.REDIS_URL, "SET", KEY, "2", "NX") is None
    assert valkey.ask(settings.REDIS_URL, "DEL", KEY) == 1


def test_a_refusal_leaves_the_connection_good() -> None:
    with pytest.raises(ResponseError):
        valkey.ask(settings.REDIS_URL, "INCR")

    assert valkey.ask(settings.REDIS_URL, "PING") == b"PONG"


def test_a_connection_that_was_closed_is_opened_again() -> None:
    number = valkey.ask(settings.REDIS_URL, "CLIENT", "ID")
    Redis.from_url(settings.REDIS_URL).client_kill_filter(_id=str(number))

    assert valkey.ask(settings.REDIS_URL, "CLIENT", "ID") > number


def test_each_thread_has_its_own() -> None:
    found: list[int] = []

    def look() -> None:
        found.append(valkey.ask(settings.REDIS_URL, "CLIENT", "ID"))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    look()
    look()

    assert found[0] != found[1] == found[2]


def test_a_server_that_is_not_there_is_an_error() -> None:
    with pytest.raises(RedisError):
        valkey.ask("redis://127.0.0.1:1/0", "PING")
    assert valkey.ask(settings.REDIS_URL, "PING") == b"PONG"


def test_an_answer_that_came_too_late_is_nobody_elses() -> None:
    valkey.ask(settings.REDIS_URL, "DEL", KEY)
    with pytest.raises(RedisError):
        valkey.ask(settings.REDIS_URL, "BLPOP", KEY, 0.5)

    assert valkey.ask(settings.REDIS_URL, "PING") == b"PONG"
