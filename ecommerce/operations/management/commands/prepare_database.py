"""``manage.py prepare_database``: migrate, and say whether anything has ever happened in this shop."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from ecommerce.events.models import LogEntry, OutboxEntry


class Command(BaseCommand):
    help = "Applies the migrations; the last line is 'empty' in a shop without a single event, else 'in use'."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=1, stdout=self.stdout)
        used = LogEntry.objects.exists() or OutboxEntry.objects.exists()
        self.stdout.write("in use" if used else "empty")
