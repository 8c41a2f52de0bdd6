"""``manage.py generate_catalog``: a shop of any size, the same for the same seed."""

import resource
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ecommerce.clock import now
from sampleshop import loading
from sampleshop.generating.run import generate
from sampleshop.screen import Screen


def _count(text: str) -> int:
    if not text.isdigit():
        raise ArgumentTypeError(f"{text!r} is no number of things")
    return int(text)


class Command(BaseCommand):
    help = "Makes products with prices and stock, and past orders of them, from a seed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--products", type=_count, default=1_000)
        parser.add_argument("--orders", type=_count, default=0)
        parser.add_argument("--seed", type=_count, default=1, help="another seed, other products")
        parser.add_argument(
            "--no-drain", action="store_true", help="leave storefront and reports to the workers"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["orders"] and not options["products"]:
            raise CommandError("Orders need products: say --products too.")
        screen = Screen()
        made = generate(
            screen,
            products=options["products"],
            order_count=options["orders"],
            seed=options["seed"],
            now=now(),
        )
        if not made.products and not made.orders:
            screen.say(f"seed {options['seed']} was loaded before: nothing is new")
        if not options["no_drain"] and not loading.bring_up_to_date(screen):
            raise CommandError("Some events could not be handled: see manage.py dead_letters list.")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        screen.say(f"memory at its most: {peak} MB")
