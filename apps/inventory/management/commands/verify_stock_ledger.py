"""``manage.py verify_stock_ledger``: was the ledger tampered with? Exits with 1 if so."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.inventory import services
from ecommerce.audit.verifying import parse_anchors
from ecommerce.clock import now


class Command(BaseCommand):
    help = "Find movements of stock that were changed, added or taken out, and seals likewise."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seal", action="store_true", help="first seal what waits")
        parser.add_argument(
            "--anchor",
            action="append",
            default=[],
            metavar="NUMBER:DIGEST",
            help="a head that was kept elsewhere: this command prints it, and the log has each",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["seal"]:
            self.stdout.write(f"{services.seal_ledger(now=now())} movements sealed.")
        found = 0
        for finding in services.verify_ledger(anchors=parse_anchors(options["anchor"])):
            found += 1
            self.stdout.write(str(finding))
        if found:
            raise CommandError(f"The stock ledger was tampered with: {found} findings.")
        head = services.ledger_head()
        self.stdout.write(f"Nothing was tampered with. Head: {head or 'none yet'}")
