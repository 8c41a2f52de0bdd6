"""Holds the audit trail against its seals."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ecommerce.audit.sealing import head
from ecommerce.audit.verifying import parse_anchors, verify


class Command(BaseCommand):
    help = (
        "Find any tampering with the audit trail: entries changed, added, deleted, seals likewise."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor",
            action="append",
            default=[],
            metavar="NUMBER:DIGEST|FILE",
            help="a head that was kept elsewhere (seal_audit prints it), or a file of them",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for finding in verify(anchors=parse_anchors(_lines(options["anchor"]))):
            found += 1
            self.stdout.write(str(finding))
        if found:
            raise CommandError(f"The audit trail was tampered with: {found} findings.")
        self.stdout.write(f"Nothing was tampered with. Head: {head() or 'none yet'}")


def _lines(anchors: list[str]) -> list[str]:
    lines: list[str] = []
    for anchor in anchors:
        path = Path(anchor)
        lines += path.read_text().splitlines() if path.is_file() else [anchor]
    return lines
