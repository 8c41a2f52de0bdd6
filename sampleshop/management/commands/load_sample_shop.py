"""``manage.py load_sample_shop``: fill an empty database with a small shop that has a past."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ecommerce.clock import now
from sampleshop import loading
from sampleshop.screen import Screen


class Command(BaseCommand):
    help = (
        "Loads the sample shop into an empty database. Where there are products it loads nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        screen = Screen()
        if not loading.load(screen, now=now()):
            screen.say("there are products already: nothing was loaded")
        if not loading.bring_up_to_date(screen):
            raise CommandError("Some events could not be handled: see manage.py dead_letters list.")
