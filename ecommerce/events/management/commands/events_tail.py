"""Show events of the log: ``events_tail --follow --type 'ecommerce.orders.*'``."""

import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from typing import Any

import orjson
from django.core.management.base import BaseCommand

from ecommerce.events.envelope import Envelope
from ecommerce.events.tailing import later_than, newest

_PAUSE_SECONDS = 0.5


class Command(BaseCommand):
    help = "Show the newest events of the log, and those to come with --follow."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "-n", "--lines", type=int, default=20, help="how many of the newest to begin with"
        )
        parser.add_argument("-f", "--follow", action="store_true", help="go on with what comes")
        parser.add_argument("--type", default="*", help="event type; * stands for anything")
        parser.add_argument("--key", help="only events of this partition key")
        parser.add_argument(
            "--from", dest="position", type=int, help="begin after this position instead"
        )
        parser.add_argument("--format", choices=("line", "json", "cloudevents"), default="line")

    def handle(self, **options: Any) -> None:
        try:
            for event in self._events(options):
                self.stdout.write(_SHOWN[options["format"]](event))
        except KeyboardInterrupt:
            return

    def _events(self, options: dict[str, Any]) -> Iterator[Envelope]:
        wanted = {"type_pattern": options["type"], "key": options["key"]}
        position = options["position"]
        first = (
            newest(options["lines"], **wanted)
            if position is None
            else later_than(position, **wanted)
        )
        position = position or 0
        for event in first:
            position = event.position
            yield event
        while options["follow"]:
            for event in later_than(position, **wanted):
                position = event.position
                yield event
            time.sleep(_PAUSE_SECONDS)


def _line(event: Envelope) -> str:
    payload = orjson.dumps(event.payload).decode()
    return f"{event.position:>10}  {event.occurred_at:%Y-%m-%d %H:%M:%S}  {event.event_type}  {event.partition_key}  {payload}"


_SHOWN: dict[str, Callable[[Envelope], str]] = {
    "line": _line,
    "json": lambda event: orjson.dumps({"position": event.position, **event.to_json()}).decode(),
    "cloudevents": lambda event: orjson.dumps(event.to_cloudevent()).decode(),
}
