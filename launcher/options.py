"""What ./scripts/run can be told."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from launcher.importing import FORMATS

DEFAULT_PORT = 8000


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """The command line, read."""

    host: str
    port: int | None
    """None: the usual one, or, for a check, any free one."""
    data_dir: Path
    workers: int
    empty: bool
    import_file: Path | None
    demo_order: bool
    check: bool


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line; a mistake ends the program with a message."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.empty and (given.import_file or given.demo_order or given.check):
        parser.error("--empty leaves nobody to sign in as and nothing to buy; leave it away")
    return Options(
        host=given.host,
        port=given.port,
        data_dir=Path(given.data_dir).expanduser().absolute(),
        workers=given.workers,
        empty=given.empty,
        import_file=given.import_file,
        demo_order=given.demo_order or given.check,
        check=given.check,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./scripts/run",
        description="Starts the whole shop on this machine and keeps it running until Ctrl-C.",
        epilog=(
            "DATABASE_URL and REDIS_URL, where set, name servers to use instead of the embedded ones. "
            "docs/how-to/operate.md tells the rest."
        ),
    )
    add = parser.add_argument
    add("--port", type=_port, metavar="N", help=f"the web port (default {DEFAULT_PORT})")
    add("--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
    add("--data-dir", default=".data", metavar="DIR", help="databases, media, logs (default .data)")
    add("--workers", type=_count, default=_processors(), metavar="N", help="web worker processes")
    add("--empty", action="store_true", help="do not load the sample shop")
    add(
        "--import",
        dest="import_file",
        type=_file,
        metavar="FILE",
        help=(
            "import a product file (Shopify CSV or JSON lines) through the API once the shop runs"
        ),
    )
    add(
        "--demo-order",
        action="store_true",
        help=("buy something through the API once the shop runs, and print each step"),
    )
    add(
        "--check",
        action="store_true",
        help=("start, do the demo order, stop; the exit code tells whether all went well"),
    )
    return parser


def _processors() -> int:
    return max(1, min(os.cpu_count() or 1, 4))


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to 65535)")
    return int(text)


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes")
    return int(text)


def _file(text: str) -> Path:
    path = Path(text).expanduser().absolute()
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"there is no file {path}")
    if path.suffix.lower() not in FORMATS:
        raise argparse.ArgumentTypeError(
            f"{path.name} is neither a Shopify product file (.csv) nor JSON lines (.jsonl, .ndjson)"
        )
    return path
