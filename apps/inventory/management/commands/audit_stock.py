"""``manage.py audit_stock``: does the stock add up? Exits with 1 if not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.inventory import services


class Command(BaseCommand):
    help = "Checks that on-hand is the sum of the ledger, and promises are what reservations hold."

    def handle(self, *args: Any, **options: Any) -> None:
        audit = services.audit_stock()
        self.stdout.write(f"{audit.levels_checked} levels checked")
        for column in ("on_hand", "reserved", "allocated", "backordered"):
            for where, (says, should) in getattr(audit, f"{column}_off").items():
                self.stderr.write(f"{where}: {column} is {says}, should be {should}")
        if not audit.clean:
            raise CommandError("the stock does not add up")
