"""``./scripts/run``: the whole shop on one machine, until Ctrl-C."""

import contextlib
import signal
import sys
import time
from collections.abc import Iterator
from types import FrameType

from launcher import options as command_line
from launcher.datadir import DataDir, open_data_dir
from launcher.demo_order import place_demo_order
from launcher.importing import import_products
from launcher.options import Options
from launcher.processes import LaunchError
from launcher.screen import say, show_cursor, step, warn
from launcher.shop import Shop
from launcher.supervisor import Supervisor
from launcher.welcome import welcome

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Asked(BaseException):
    """Somebody wants us to stop. Not an Exception: nothing on the way may swallow it."""


def main() -> int:
    """Run the shop; the exit code is 0 where it was asked to stop or did what it was started for."""
    options = command_line.parse(sys.argv[1:])
    started = time.monotonic()
    try:
        with _stoppable(), _opened(options) as data, _supervised(data) as supervisor:
            _run(options, data, supervisor, started)
    except Asked:
        show_cursor()
        say("Stopped.")
    except LaunchError as error:
        warn(f"\n✗ {error}")
        return 1
    return 0


def _run(options: Options, data: DataDir, supervisor: Supervisor, started: float) -> None:
    shop = Shop(options, data, supervisor)
    say(f"Starting the shop in {data.path}")
    shop.bring_up()
    say(f"  ✓ ready after {time.monotonic() - started:.1f} s")
    if options.import_file is not None:
        import_products(shop.url, options.import_file)
    if options.demo_order:
        place_demo_order(shop.url, newest=options.import_file is not None)
    if options.check:
        return
    welcome(shop.url, shop.environment["GRPC_LISTEN"], data, demo=not options.empty)
    if options.host not in LOOPBACK and not options.empty:
        warn(f"  ! Whoever reaches {options.host} can sign in with the sample shop's password.\n")
    supervisor.watch(until=lambda: False)


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Turn the signals that ask us to stop into an exception where we are."""

    def stop(number: int, frame: FrameType | None) -> None:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise Asked

    for each in SIGNALS:
        signal.signal(each, stop)
    yield


@contextlib.contextmanager
def _opened(options: Options) -> Iterator[DataDir]:
    data = open_data_dir(options.data_dir)
    try:
        yield data
    finally:
        data.close()


@contextlib.contextmanager
def _supervised(data: DataDir) -> Iterator[Supervisor]:
    supervisor = Supervisor(data.logs, tell=lambda text: warn(f"  ! {text}"))
    try:
        yield supervisor
    finally:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        if supervisor.running:
            with step("stopping"):
                supervisor.stop_all()


if __name__ == "__main__":
    sys.exit(main())
