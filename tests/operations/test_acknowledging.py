"""A worker that cannot acknowledge must not go on as if it had."""

from typing import Any

import pytest
from kombu import Message
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeout

from config.celery import app
from ecommerce.operations.acknowledging import LoudRequest


class StalledBroker:
    no_ack_consumers = None

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        raise RedisTimeout("Timeout reading from socket")

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> None:
        raise RedisTimeout("Timeout reading from socket")


def request_at_a_stalled_broker() -> LoudRequest:
    message: Any = Message(
        body="[[], {}, {}]",
        channel=StalledBroker(),
        delivery_tag="one",
        content_type="application/json",
        content_encoding="utf-8",
        headers={"id": "one", "task": "celery.backend_cleanup"},
    )
    return LoudRequest(
        message,
        app=app,
        on_ack=message.ack_log_error,
        on_reject=message.reject_log_error,
        connection_errors=(RedisError,),
    )


def test_every_task_of_the_shop_is_acknowledged_loudly() -> None:
    assert app.Task.Request == "ecommerce.operations.acknowledging:LoudRequest"


@pytest.mark.parametrize("verb", ["acknowledge", "reject"])
def test_an_acknowledgement_that_is_lost_is_heard_of(verb: str) -> None:
    with pytest.raises(RedisTimeout):
        getattr(request_at_a_stalled_broker(), verb)()
