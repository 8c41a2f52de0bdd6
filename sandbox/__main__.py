"""``python -m sandbox``: serve until told to stop."""

import argparse
import os
import signal
import threading
from pathlib import Path
from urllib.parse import urljoin

from sandbox.process import SECRET_VARIABLE
from sandbox.server import Handler, Sandbox, Server
from sandbox.store import Store


def main() -> None:
    """Read the arguments, serve, and print the address once it can be called."""
    options = _arguments()
    store = Store(Path(options.data_dir))
    webhook_url: str = options.webhook_url
    carrier_url = options.carrier_webhook_url or (
        urljoin(webhook_url, "/api/v1/tracking/webhook/sandbox") if webhook_url else ""
    )
    wms_url = options.wms_webhook_url or (
        urljoin(webhook_url, "/api/v1/warehouses/") + "{warehouse}/webhook" if webhook_url else ""
    )
    sandbox = Sandbox(
        store,
        webhook_url=webhook_url,
        carrier_webhook_url=carrier_url,
        wms_webhook_url=wms_url,
        secret=os.environ.get(SECRET_VARIABLE, ""),
        seconds_per_move=options.tracking_seconds,
        seconds_per_step=options.wms_seconds,
    )
    Handler.sandbox = sandbox
    server = Server((options.host, options.port), Handler)
    sandbox.start()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: threading.Thread(target=server.shutdown).start())
    host, port = server.server_address[:2]
    print(f"sandbox listens on http://{host!s}:{port}", flush=True)
    server.serve_forever(poll_interval=0.1)
    sandbox.stop()
    server.socket.close()
    store.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description=__doc__,
        epilog=f"Webhooks are signed with {SECRET_VARIABLE} of the environment.",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8091, help="0 chooses a free one")
    parser.add_argument("--data-dir", default=".data/sandbox")
    parser.add_argument(
        "--webhook-url", default="", help="where payment webhooks go; none are sent without"
    )
    parser.add_argument("--carrier-webhook-url", default="", help="by default beside --webhook-url")
    parser.add_argument(
        "--wms-webhook-url",
        default="",
        help="has {warehouse} in it; by default beside --webhook-url",
    )
    parser.add_argument(
        "--tracking-seconds",
        type=float,
        default=5.0,
        help="how long a parcel stays in a status; 0 for ever",
    )
    parser.add_argument(
        "--wms-seconds",
        type=float,
        default=2.0,
        help="how long a warehouse works on half a task; 0 for ever",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
