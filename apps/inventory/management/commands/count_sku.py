"""``manage.py count_sku SKU striped``: how a SKU's units are counted out, from now on."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.inventory import services


class Command(BaseCommand):
    help = "Counts a SKU (id or code) on one row (plain), on stripes, or on stripes behind a gate (flash)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sku")
        parser.add_argument("counting", choices=("plain", "striped", "flash"))

    def handle(self, *args: Any, **options: Any) -> None:
        sku_id = services.find_sku(sku=options["sku"])
        services.set_counting(sku_id=sku_id, counting=options["counting"])
        self.stdout.write(f"{options['sku']} is counted {options['counting']} now")
