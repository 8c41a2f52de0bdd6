"""The addresses of the running shop."""

from launcher import demo as people
from launcher.datadir import DataDir
from launcher.screen import say


def welcome(url: str, data: DataDir, *, demo: bool) -> None:
    """Say where everything is, and who one can be where the sample shop was loaded."""
    say(
        f"""
The shop is open. Ctrl-C closes it; the data stays in {data.path}

  Storefront API  {url}/api/v1/products
  API docs        {url}/api/docs
  Admin           {url}/admin/
  Health          {url}/health/ready
  Metrics         {url}/metrics
  Logs            {data.logs}
"""
    )
    if demo:
        say(
            f"""  Sign in as       {people.ADMIN}, {people.OPERATOR}, {people.MERCHANDISER} or {people.CUSTOMER}
  Password        {people.PASSWORD}  (the sample shop's, on this machine only)
"""
        )
