"""What a flag decides, and why."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagRules:
    """A flag as the database has it."""

    key: str
    enabled: bool
    percentage: int
    roles: frozenset[str]
    channels: frozenset[str]
    version: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    rule: str
    outcome: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """The shape in which the shop explains every decision. ``inputs_version`` names the rules that were read."""

    decision: bool
    inputs_version: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SetFlag:
    """A flag as an operator wants it."""

    key: str
    enabled: bool
    description: str = ""
    percentage: int = 100
    roles: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
