"""Asking flags, and changing them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import structlog
from django.db import DatabaseError, InterfaceError, transaction

from ecommerce.audit import record
from ecommerce.errors import Invalid
from ecommerce.flags.models import Flag
from ecommerce.flags.rules import decide, faults_of_flag
from ecommerce.flags.types import Explanation, FlagRules, Reason, SetFlag
from ecommerce.identity import Viewer
from ecommerce.ttl_cache import TtlCache

log = structlog.get_logger(__name__)
REMEMBERED_SECONDS = 4
_flags: TtlCache[None, Mapping[str, FlagRules]] = TtlCache(seconds=REMEMBERED_SECONDS)
_last_known: Mapping[str, FlagRules] = {}


def enabled(
    key: str, *, viewer: Viewer | None = None, channel: str | None = None, default: bool = False
) -> bool:
    """Is the flag on for this viewer? ``default`` where there is no such flag.

    All flags are read at once and remembered in the process, so asking costs no statement and a
    change is seen within five seconds. While the database does not answer, what was last read
    counts; before anything was read, the default.
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
    why = Reason(rule="default", outcome="pass" if default else "refuse", why="no such flag known")
    return Explanation(decision=default, inputs_version=f"{key}@0", reasons=(why,))


@transaction.atomic
def set_flag(command: SetFlag, *, viewer: Viewer, now: datetime) -> FlagRules:
    """Create or change a flag; repeating it changes nothing. Raises Invalid."""
    faults = faults_of_flag(command)
    if faults:
        raise Invalid("The flag cannot be set so.", faults=faults)
    wanted: dict[str, Any] = asdict(command)
    wanted["roles"], wanted["channels"] = sorted(command.roles), sorted(command.channels)
    flag, created = Flag.objects.select_for_update().get_or_create(
        key=command.key, defaults={**wanted, "updated_at": now}
    )
    before = {} if created else {name: getattr(flag, name) for name in wanted}
    if created or before != wanted:
        if not created:
            _change(flag, wanted, now)
        record(
            action=f"flags.flag.{'created' if created else 'changed'}",
            entity_type="flag",
            entity_id=flag.key,
            actor=viewer,
            changes={
                name: [before.get(name), value]
                for name, value in wanted.items()
                if before.get(name) != value
            },
        )
        transaction.on_commit(_flags.clear)
    return _rules(flag)


@transaction.atomic
def remove_flag(*, key: str, viewer: Viewer) -> None:
    """Remove a flag: from then on its default counts. Repeating it changes nothing."""
    removed, _ = Flag.objects.filter(key=key).delete()
    if removed:
        record(action="flags.flag.removed", entity_type="flag", entity_id=key, actor=viewer)
        transaction.on_commit(_flags.clear)


def _known(key: str) -> FlagRules | None:
    return _flags.get(None, _read).get(key)


def _read() -> Mapping[str, FlagRules]:
    global _last_known
    try:
        known = {flag.key: _rules(flag) for flag in Flag.objects.all()}
    except (DatabaseError, InterfaceError) as error:
        log.warning("flags.unreadable", error=str(error))
        return _last_known
    _last_known = known
    return known


def _change(flag: Flag, wanted: Mapping[str, Any], now: datetime) -> None:
    for name, value in wanted.items():
        setattr(flag, name, value)
    flag.version += 1
    flag.updated_at = now
    flag.save()


def _rules(flag: Flag) -> FlagRules:
    return FlagRules(
        key=flag.key,
        enabled=flag.enabled,
        percentage=flag.percentage,
        roles=frozenset(flag.roles),
        channels=frozenset(flag.channels),
        version=flag.version,
    )
