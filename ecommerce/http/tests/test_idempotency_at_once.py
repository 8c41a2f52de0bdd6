"""The same command many times at once is done once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, connections

from ecommerce.http.tests.doors import EFFECTS
from ecommerce.http.tests.sending import count, send

pytestmark = [
    pytest.mark.urls("ecommerce.http.tests.doors"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("effects"),
]
METHODS = pytest.mark.parametrize("method", ["post", "put"])


@METHODS
def test_one_effect_of_32_at_once(method: str) -> None:
    barrier = threading.Barrier(16)

    def shoot(_: int) -> tuple[int, bytes, bool]:
        try:
            barrier.wait(10)
            answer = send({"note": "a", "sleep": 0.05}, key="k", method=method)
            replayed = answer.has_header("Idempotency-Replayed")
            return answer.status_code, answer.content, replayed
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(shoot, range(32)))

    assert count() == 1
    assert {status for status, _, _ in answers} <= {201, 409}
    assert len({content for status, content, _ in answers if status == 201}) == 1
    assert sum(status == 201 and not replayed for status, _, replayed in answers) == 1


def test_many_rounds_never_do_it_twice() -> None:
    def shoot(key: str) -> int:
        try:
            return int(send({"note": key}, key=key).status_code)
        finally:
            connections.close_all()

    keys = [str(uuid4()) for _ in range(20)]
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(shoot, [key for key in keys for _ in range(8)]))

    assert set(statuses) <= {201, 409}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), count(DISTINCT note) FROM {EFFECTS}")
        assert cursor.fetchone() == (20, 20)


@METHODS
def test_who_comes_while_the_first_runs_is_told_to_wait(method: str) -> None:
    def first() -> None:
        send({"note": "a", "sleep": 1}, key="k", method=method)
        connections.close_all()

    runner = threading.Thread(target=first)
    runner.start()
    time.sleep(0.4)
    meanwhile = send({"note": "a", "sleep": 1}, key="k", method=method)
    runner.join()

    assert meanwhile.status_code == 409
    assert meanwhile.json()["code"] == "idempotency/in-progress"
    assert meanwhile["Retry-After"] == "1"
    assert send({"note": "a", "sleep": 1}, key="k", method=method).status_code == 201
    assert count() == 1
