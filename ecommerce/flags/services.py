"""Asking flags, and changing them."""

from collections.abc import Mapping

import structlog
from django.db import DatabaseError

from ecommerce.flags.models import Flag
from ecommerce.flags.rules import decide
from ecommerce.flags.types import Explanation, FlagRules, Reason
from ecommerce.identity import Viewer
from ecommerce.ttl_cache import TtlCache

log = structlog.get_logger(__name__)
_flags: TtlCache[None, Mapping[str, FlagRules]] = TtlCache(seconds=5)


def enabled(
    key: str, *, viewer: Viewer | None = None, channel: str | None = None, default: bool = False
) -> bool:
    """Is the flag on for this viewer? ``default`` where there is no such flag, or no database.

    All flags are read at once and remembered in the process: a change is seen within five seconds.
    """
    flag = _known(key)
    return default if flag is None else decide(flag, viewer, channel).decision


def explain(
    key: str, *, viewer: Viewer | None = None, channel: str | None = None, default: bool = False
) -> Explanation:
    """The same decision, with its reasons."""
    flag = _known(key)
    if flag is not None:
        return decide(flag, viewer, channel)
    why = Reason(rule="default", outcome="pass" if default else "refuse", why="no such flag")
    return Explanation(decision=default, inputs_version=f"{key}@0", reasons=(why,))


def _known(key: str) -> FlagRules | None:
    try:
        return _flags.get(None, _read).get(key)
    except DatabaseError:
        log.warning("flags.unreadable", key=key)
        return None


def _read() -> Mapping[str, FlagRules]:
    return {
        flag.key: FlagRules(
            key=flag.key,
            enabled=flag.enabled,
            percentage=flag.percentage,
            roles=frozenset(flag.roles),
            channels=frozenset(flag.channels),
            version=flag.version,
        )
        for flag in Flag.objects.all()
    }
