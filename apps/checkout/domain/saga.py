"""The saga of a purchase: its states, its steps, and how patient it is."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum


class SagaState(StrEnum):
    """Which way a saga goes."""

    RUNNING = "RUNNING"
    COMPENSATING = "COMPENSATING"
    COMPLETED = "COMPLETED"
    COMPENSATED = "COMPENSATED"
    STUCK = "STUCK"


class Step(StrEnum):
    """What has happened for good: a step that is on record was committed."""

    PLACE = "place"
    CONFIRM = "confirm"
    COMPLETE = "complete"
    COMPENSATE = "compensate"


ALLOWED: Mapping[SagaState, frozenset[SagaState]] = {
    SagaState.RUNNING: frozenset(
        {SagaState.COMPLETED, SagaState.COMPENSATING, SagaState.COMPENSATED, SagaState.STUCK}
    ),
    SagaState.COMPENSATING: frozenset({SagaState.COMPENSATED, SagaState.STUCK}),
    SagaState.STUCK: frozenset({SagaState.RUNNING, SagaState.COMPENSATING}),
    SagaState.COMPLETED: frozenset(),
    SagaState.COMPENSATED: frozenset(),
}
OPEN = (SagaState.RUNNING, SagaState.COMPENSATING)
"""The states in which there is something left to do."""

LEASE_SECONDS = 30
"""How long whoever runs a saga keeps it to themselves without a sign of life."""
MAX_TRIES = 40
"""After so many tries of one step a person has to look."""
VOID_TRIES = 3
"""So often we lift a hold ourselves before we leave it to the payments room, which never gives up."""
GIVE_UP_AFTER = timedelta(minutes=20)
"""A purchase that nobody could authorize by then is off: its stock is held for 30 minutes."""
PATIENCE_SECONDS = 1.5
"""A buyer whose authorization took longer than this does not wait for the capture as well."""


def may_move(before: SagaState, after: SagaState) -> bool:
    """Is this turn of a saga declared?"""
    return after in ALLOWED[before]


def wait_seconds(tries: int) -> int:
    """How long to wait after so many tries: 1 s, doubling to 15 s."""
    return int(min(2 ** max(tries - 1, 0), 15))


def has_waited_enough(created_at: datetime, now: datetime) -> bool:
    """Has the purchase been without an authorization for so long that it is off?"""
    return now - created_at >= GIVE_UP_AFTER
