"""The addresses of the running shop."""

from launcher.datadir import DataDir
from launcher.screen import say


def welcome(url: str, data: DataDir) -> None:
    """Say where everything is."""
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
