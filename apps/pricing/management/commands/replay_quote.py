"""Compute a recorded quote again and check its seal."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.pricing import services
from apps.pricing.errors import QuoteNotFound
from ecommerce.money import Money


class Command(BaseCommand):
    help = "Computes a recorded quote again from its own inputs; fails where a cent or the seal differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("quote_id", type=UUID)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            replay = services.replay_quote(options["quote_id"])
        except QuoteNotFound as refusal:
            raise CommandError(refusal.detail) from refusal
        quote = replay.quote
        self.stdout.write(f"quote     {quote.id} of {quote.created_at.isoformat()}")
        self.stdout.write(f"inputs    {quote.inputs_version}")
        self.stdout.write(f"recorded  {Money(replay.recorded_total_minor, quote.currency)}")
        self.stdout.write(f"replayed  {Money(replay.replayed_total_minor, quote.currency)}")
        for reason in quote.reasons:
            self.stdout.write(f"  {reason.outcome:8} {reason.rule}: {reason.why}")
        if not replay.signature_valid:
            raise CommandError("The seal is broken: the record was changed.")
        if replay.differences:
            raise CommandError(f"Differs in {', '.join(replay.differences)}.")
        self.stdout.write(self.style.SUCCESS("identical, and the seal is whole"))
