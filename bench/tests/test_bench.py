"""The bench measures what it says it measures: once through, against a real web server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.generator import Generator
from bench.paths import PATHS
from bench.shop import environment_of, manage, running
from tests.live_shop import _own_cache

pytestmark = [pytest.mark.live, pytest.mark.django_db]


@pytest.fixture(scope="module")
def generator(live_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generator]:
    folder: Path = tmp_path_factory.mktemp("bench")
    environment = environment_of(folder, database_url=live_database, redis_url=_own_cache())
    manage("load_sample_shop", environment=environment)
    with (
        running(folder, environment, {}, workers=1, processes=("web", "sandbox")) as shop,
        Generator(shop.environment, shop.log("load")) as generator,
    ):
        yield generator


def test_every_path_runs_within_its_budget_of_statements(generator: Generator) -> None:
    sent = {path.name: generator.statements(path.name) for path in PATHS}

    assert {path.name: sent[path.name] for path in PATHS if sent[path.name] > path.budget} == {}
    assert all(sent.values())


@pytest.mark.parametrize("name", ["middleware stack", "add to cart", "confirm without the gateway"])
def test_a_measurement_tells_times_and_cpu(generator: Generator, name: str) -> None:
    found = generator.measure(name, clients=2, seconds=0.5)

    assert 0 < found.p50 <= found.p95
    assert found.per_second > 0
    assert 0 < found.web_cpu < 2 * 1000 / found.per_second
    assert found.database_cpu > 0


def test_the_stack_costs_more_than_the_view_within_it(generator: Generator) -> None:
    bare = generator.measure("bare view", clients=1, seconds=0.5)
    behind = generator.measure("middleware stack", clients=1, seconds=0.5)

    assert behind.web_cpu > bare.web_cpu


def test_a_request_that_fails_stops_the_measurement(generator: Generator) -> None:
    with pytest.raises(RuntimeError, match="no such"):
        generator.measure("no such", clients=1, seconds=0.1)
