"""How the event spine says no."""

from ecommerce.errors import Conflict, NotFound


class EventError(Exception):
    """A mistake in our own code: never the caller's fault, so never a refusal."""


class UnknownEvent(EventError):
    """The type was never registered with ``@event``."""


class InvalidPayload(EventError):
    """The event does not fit the schema of its own type."""


class NoTransaction(EventError):
    """An event was published outside a transaction: it could not be true and told at once."""


class PublishInReplay(EventError):
    """A projection published while it was rebuilt: the world would hear old news as new."""


class UnknownConsumer(NotFound):
    code = "events/unknown-consumer"
    title = "There is no such consumer"


class UnknownDeadLetter(NotFound):
    code = "events/unknown-dead-letter"
    title = "There is no such dead letter"


class DeadLetterSettled(Conflict):
    code = "events/dead-letter-settled"
    title = "This dead letter was redriven or discarded already"


class ConsumerStillDeclared(Conflict):
    code = "events/consumer-still-declared"
    title = "The consumer is still in use"


class ConsumersBehind(Conflict):
    code = "events/consumers-behind"
    title = "A consumer has not read this part of the log"


class ArchiveDamaged(EventError):
    """An archive is not what was written."""


class NotReplayable(Conflict):
    code = "events/not-replayable"
    title = "The consumer is not a projection that can be rebuilt"


class ReplayRunning(Conflict):
    code = "events/replay-running"
    title = "The consumer is being replayed already"


class LogMoved(Conflict):
    code = "events/log-moved"
    title = "Part of the log was archived while it was read"


class StrayWrite(EventError):
    """A projection wrote to a table that it did not declare."""
