"""``manage.py audit_ledger``: do the books hold? Exits with 1 if not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.payments import services


class Command(BaseCommand):
    help = "Checks that debits are credits and that the ledger agrees with every payment."

    def handle(self, *args: Any, **options: Any) -> None:
        audit = services.audit_ledger()
        self.stdout.write(f"{audit.entries_checked} journal entries checked")
        for entry in audit.unbalanced:
            self.stderr.write(f"entry {entry} does not balance")
        for payment, (says, ledger) in audit.payments_off.items():
            self.stderr.write(f"payment {payment} kept {says}, the ledger says {ledger}")
        if not audit.clean:
            raise CommandError("the books do not hold")
