"""Reads the environment. A missing or malformed variable is named, with what to write instead."""

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def required(name: str, *, example: str) -> str:
    """The value of a variable without which the shop cannot start."""
    value = str(env.str(name, default=""))
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. Set it in the environment, for instance: export {name}='{example}'. "
            "./scripts/run sets it for you, and while it runs manage.py finds it (with a --data-dir of "
            "your own: export SHOP_ENVIRONMENT_FILE=DIR/environment); docs/how-to/operate.md lists every variable."
        )
    return value


def whole_number(name: str, *, default: int) -> int:
    """A variable that must be a whole number."""
    text = str(env.str(name, default="")) or str(default)
    if not text.strip().lstrip("-").isdigit():
        raise ImproperlyConfigured(
            f"{name} must be a whole number, not {text!r} (default {default})."
        )
    return int(text)


def database(name: str, *, example: str) -> dict[str, object]:
    """Django's parameters of the database that a URL names."""
    url = required(name, example=example)
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(f"{name} must start with postgres://, for instance {example}")
    return dict(environ.Env.db_url_config(url))
