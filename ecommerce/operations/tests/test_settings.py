"""Settings come from the environment, are all written down, and are safe in production."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
READS = re.compile(r'(?:env\.\w+|required|whole_number|database)\(\s*["\']([A-Z_]+)["\']')
LOAD = "from django.conf import settings; settings.DEBUG"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "PATH": os.environ["PATH"],
    "DATABASE_URL": "postgres://shop@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "a-key-for-this-test-only-Zk3v9Qx7Lr2Tn8Wb5Yd1Gf6Hs4Jc0Pm",
    "ALLOWED_HOSTS": "shop.example.com",
    "PAYMENT_WEBHOOK_SECRET": "a-secret-for-this-test-only",
    "HTTP_TRUSTED_PROXIES": "1",
}


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Python in this environment and no other."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_variable_is_in_the_operators_table() -> None:
    read = set()
    for file in (REPOSITORY / "config" / "settings").glob("*.py"):
        read.update(READS.findall(file.read_text()))
    page = (REPOSITORY / "docs" / "how-to" / "operate.md").read_text()
    table = page[page.index("| variable |") : page.index("\n## Look")]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    told = set(re.findall(r"`([A-Z_]+)`", "".join(rows)))

    assert read - told == set()
    assert told - read == {"PROMETHEUS_MULTIPROC_DIR"}


def test_production_settings_pass_the_deployment_checks() -> None:
    done = python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "name",
    [
        "DATABASE_URL",
        "REDIS_URL",
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "PAYMENT_WEBHOOK_SECRET",
        "HTTP_TRUSTED_PROXIES",
    ],
)
def test_a_missing_variable_is_named_with_what_to_write(name: str) -> None:
    done = python("-c", LOAD, **{**PRODUCTION, name: ""})

    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert f"{name} is not set" in last
    assert f"export {name}=" in last


def test_a_malformed_number_is_named() -> None:
    done = python("-c", LOAD, **{**PRODUCTION, "DATABASE_CONN_MAX_AGE": "soon"})

    assert "DATABASE_CONN_MAX_AGE must be a whole number, not 'soon'" in done.stderr
