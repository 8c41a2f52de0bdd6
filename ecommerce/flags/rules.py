"""How a flag decides: plain rules over who asks and where."""

import re
from collections.abc import Iterator
from hashlib import sha256

from ecommerce.errors import Fault
from ecommerce.flags.types import Explanation, FlagRules, Reason, SetFlag
from ecommerce.identity import ROLES, Viewer

_KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")


def decide(flag: FlagRules, viewer: Viewer | None, channel: str | None) -> Explanation:
    """On if the switch and every rule that is set let the viewer through."""
    reasons = tuple(_reasons(flag, viewer, channel))
    return Explanation(
        decision=all(reason.outcome == "pass" for reason in reasons),
        inputs_version=f"{flag.key}@{flag.version}",
        reasons=reasons,
    )


def faults_of_flag(flag: SetFlag) -> tuple[Fault, ...]:
    """What is wrong with a flag as it is wanted."""
    faults = []
    if not _KEY.fullmatch(flag.key):
        detail = "Words in small letters, joined by dots."
        faults.append(Fault(pointer="/key", detail=detail, code="key"))
    if not 0 <= flag.percentage <= 100:
        faults.append(Fault(pointer="/percentage", detail="From 0 to 100.", code="range"))
    for role in sorted(set(flag.roles) - set(ROLES)):
        detail = f"There is no role {role!r}."
        faults.append(Fault(pointer="/roles", detail=detail, code="unknown"))
    return tuple(faults)


def bucket(key: str, subject: str) -> int:
    """A number from 0 to 99 that stays the same for one subject and one flag."""
    return int.from_bytes(sha256(f"{key}:{subject}".encode()).digest()[:8]) % 100


def _reasons(flag: FlagRules, viewer: Viewer | None, channel: str | None) -> Iterator[Reason]:
    yield _reason("switch", flag.enabled, "the flag is on" if flag.enabled else "the flag is off")
    if flag.roles:
        roles = viewer.roles if viewer else frozenset()
        yield _reason("roles", bool(flag.roles & roles), f"for {', '.join(sorted(flag.roles))}")
    if flag.channels:
        yield _reason(
            "channels", channel in flag.channels, f"for {', '.join(sorted(flag.channels))}"
        )
    if flag.percentage < 100:
        yield _rollout(flag, viewer)


def _rollout(flag: FlagRules, viewer: Viewer | None) -> Reason:
    subject = _subject(viewer)
    if subject is None:
        return _reason("percentage", False, "nobody to count: neither a user nor a guest")
    mine = bucket(flag.key, subject)
    return _reason(
        "percentage",
        mine < flag.percentage,
        f"bucket {mine} of 100, on below {flag.percentage}",
    )


def _subject(viewer: Viewer | None) -> str | None:
    if viewer is None:
        return None
    return str(viewer.user_id) if viewer.user_id else viewer.guest_token_hash


def _reason(rule: str, passed: bool, why: str) -> Reason:
    return Reason(rule=rule, outcome="pass" if passed else "refuse", why=why)
