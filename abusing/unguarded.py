"""Guards against abuse, each with a way to switch it off: the negative controls of ``scripts/abuse``.

As a settings module it is that of the proving ground's unguarded shops, with these guards besides.
"""

from typing import Any

from proving.unguarded import *  # noqa: F403
from proving.unguarded import SWITCHES


def _ownership() -> None:
    """Let everybody own everything."""
    from ecommerce.identity import Viewer

    Viewer.owns = lambda *_, **__: True  # type: ignore[method-assign]  # that is the point


def _problems() -> None:
    """Call a refusal plain JSON, as the framework would."""
    from ecommerce.http import problems

    vars(problems)["MEDIA_TYPE"] = "application/json"


def _fields() -> None:
    """Write members of a profile that are columns nobody is asked for, as a serializer of all fields would."""
    from functools import wraps

    from apps.accounts import models
    from apps.accounts.rest.views import me

    patch = me.ProfileView.patch

    @wraps(patch)
    def patch_all(self: Any, request: Any) -> Any:
        answer = patch(self, request)
        columns = ("version", "created_at", "is_active")
        sent = {name: request.data[name] for name in columns if name in request.data}
        if sent:
            models.User.objects.filter(id=request.user.user_id).update(**sent)
        return answer

    vars(me)["ProfileView"].patch = patch_all


def _strict_json() -> None:
    """Read JSON as Python does: lone surrogates, NaN and Infinity, and any depth until the stack is full."""
    import json
    from types import SimpleNamespace

    from ecommerce.http import wire

    vars(wire)["orjson"] = SimpleNamespace(
        **{**vars(vars(wire)["orjson"]), "loads": json.loads, "JSONDecodeError": ValueError}
    )
    vars(wire)["_refuse_hostile"] = lambda body, value: None


def _token_checks() -> None:
    """Believe what a token says of itself."""
    from types import SimpleNamespace

    import jwt

    from apps.accounts.domain import tokens

    def believe(token: str, *_: Any, **__: Any) -> Any:
        return jwt.decode(token, options={"verify_signature": False, "verify_exp": False})

    vars(tokens)["jwt"] = SimpleNamespace(**{**vars(jwt), "decode": believe})


def _guesses() -> None:
    """Count nobody's guesses but an address's."""
    from apps.accounts.rest.views import auth
    from apps.accounts.services import _sign_in
    from apps.checkout.rest import views as checkout
    from apps.pricing.rest.views import promotions

    del auth.LoginView.throttle_keys
    vars(_sign_in)["take_attempt"] = lambda email, **_: None
    for module in (checkout, promotions):
        vars(module)["count_misses"] = lambda scope, misses: None


def _formulas() -> None:
    """Write cells as they are."""
    from apps.catalog.domain import exporting

    vars(exporting)["neutralised"] = str


def _public() -> None:
    """Connect to wherever a name leads."""
    from ecommerce import calling

    vars(calling)["is_public"] = lambda address: True


def _headers() -> None:
    """Leave out the middleware that sets them."""
    from django.conf import settings

    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if "Security" not in one]


def _cart_version() -> None:
    """Buy what was priced, whatever became of the cart."""
    from apps.cart import services

    vars(services)["complete_cart"] = lambda **_: None


SWITCHES |= {
    "cart version": _cart_version,
    "headers": _headers,
    "formulas": _formulas,
    "public addresses": _public,
    "guesses": _guesses,
    "token checks": _token_checks,
    "strict JSON": _strict_json,
    "ownership": _ownership,
    "problems": _problems,
    "fields": _fields,
}
