"""Fixtures of the live shop: one database per test module, copied from the migrated test database."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connections
from psycopg import sql

from proving.shop import LiveShop


def _server(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@pytest.fixture(scope="module")
def live_database(
    django_db_setup: None, django_db_blocker: Any, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The address of a fresh, migrated database, dropped afterwards.

    Its tests need the django_db mark: without any, pytest-django makes no test database to copy.
    """
    with django_db_blocker.unblock():
        template = connections["default"].settings_dict["NAME"]
        connections.close_all()
    name = f"{template}_live_{os.getpid()}"
    maintenance = _server(os.environ["DATABASE_URL"], "postgres")
    with psycopg.connect(maintenance, autocommit=True) as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    yield _server(os.environ["DATABASE_URL"], name)
    with psycopg.connect(maintenance, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def live_shop(live_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveShop]:
    """A shop without web servers or workers yet: each test module starts what it needs."""
    folder: Path = tmp_path_factory.mktemp("live-shop")
    shop = LiveShop(folder, database_url=live_database, redis_url=_own_cache())
    try:
        yield shop
    finally:
        shop.stop()


def _own_cache() -> str:
    """A Valkey database beside this worker's own, so that emptying one leaves the other."""
    server, _, number = os.environ["REDIS_URL"].rpartition("/")
    return f"{server}/{int(number or 0) + 8}"
