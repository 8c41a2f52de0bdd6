"""The addresses of the running shop."""

from pathlib import Path

from launcher import demo as people
from launcher.datadir import DataDir
from launcher.screen import say

DEFAULT_ENVIRONMENT = Path(__file__).resolve().parent.parent / ".data" / "environment"
"""Where manage.py looks by itself."""


def welcome(url: str, grpc: str, data: DataDir, *, demo: bool) -> None:
    """Say where everything is, and who one can be where the sample shop was loaded."""
    say(
        f"""
The shop is open. Ctrl-C closes it; the data stays in {data.path}

  Storefront API  {url}/api/v1/products
  API docs        {url}/api/docs
  gRPC            {grpc}
  Admin           {url}/admin/
  Health          {url}/health/ready
  Metrics         {url}/metrics
  Logs            {data.logs}
"""
    )
    if data.environment_file != DEFAULT_ENVIRONMENT:
        say(f"  For manage.py   export SHOP_ENVIRONMENT_FILE={data.environment_file}\n")
    if not demo:
        say("  First account   .venv/bin/python manage.py createsuperuser\n")
    if demo:
        say(
            f"""  Sign in as       {people.ADMIN}, {people.OPERATOR}, {people.MERCHANDISER} or {people.CUSTOMER}
  Password        {people.PASSWORD}  (the sample shop's, on this machine only)
"""
        )
