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
    """Write whatever members of a profile are columns, as a serializer of all fields would."""
    from apps.accounts import models, services
    from apps.accounts.rest.views import me

    patch = me.MeView.patch

    def patch_all(self: Any, request: Any) -> Any:
        answer = patch(self, request)
        columns = {field.name for field in models.User._meta.concrete_fields} - {"id", "email"}
        sent = {name: said for name, said in request.data.items() if name in columns}
        models.User.objects.filter(id=request.user.user_id).update(**sent)
        return answer

    assert services.update_profile
    me.MeView.patch = patch_all


SWITCHES |= {
    "ownership": _ownership,
    "problems": _problems,
    "fields": _fields,
}
