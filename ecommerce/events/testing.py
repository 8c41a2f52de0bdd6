"""For tests: run the spine here and now, and look at what was told."""

from ecommerce.events import draining
from ecommerce.events.draining import Drained
from ecommerce.events.envelope import Envelope
from ecommerce.events.log import read_where
from ecommerce.events.sequencer import sequence_all


def drain(*, raise_errors: bool = True) -> Drained:
    """Sequence and run all consumers until quiet. The first handler's error is raised unless told otherwise."""
    done = draining.drain(seconds=60)
    if raise_errors and done.errors:
        raise done.errors[0]
    return done


def published(event_type: str | None = None) -> list[Envelope]:
    """Every event told so far (of one type, if given), newest last."""
    sequence_all()
    if event_type is None:
        return read_where("ORDER BY position", [])
    return read_where("WHERE event_type = %s ORDER BY position", [event_type])
