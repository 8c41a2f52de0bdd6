"""Seals the audit trail now, and prints the head of the chain."""

from typing import Any

from django.core.management.base import BaseCommand

from ecommerce.audit.sealing import head, seal_entries
from ecommerce.clock import now


class Command(BaseCommand):
    help = "Seal the audit trail now; prints the chain's head (number:digest) to keep as an anchor."

    def handle(self, *args: Any, **options: Any) -> None:
        sealed = seal_entries(now=now())
        self.stderr.write(f"{sealed} entries sealed.")
        self.stdout.write(str(head() or "nothing was ever sealed"))
