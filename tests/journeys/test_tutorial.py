"""The tutorial does what it says: its blocks are run in order, as a reader pastes them."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from launcher import demo
from proving.books import findings
from proving.shop import ROOT, LiveShop

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]
PAGE = ROOT / "docs/tutorial/sell-one-product.md"
PATIENCE_SECONDS = 200


@pytest.fixture(scope="module")
def shop(live_shop: LiveShop) -> LiveShop:
    """A shop as ``scripts/run`` opens it: staff, a price list, a way of sending, workers, webhooks."""
    for role, email in (("merchandiser", demo.MERCHANDISER), ("operator", demo.OPERATOR)):
        live_shop.seed("staff", role, email, demo.PASSWORD)
    live_shop.seed("goods", "0")
    live_shop.start_web()
    live_shop.start_worker()
    live_shop.sandbox.call_back(
        f"{live_shop.urls[0]}/api/v1/payments/webhooks/sandbox", tracking_seconds=1
    )
    return live_shop


def test_the_tutorial_sells_one_product(shop: LiveShop, tmp_path: Path) -> None:
    done = paste(PAGE, shop, tmp_path)

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    shop.settle()
    ((code, quantity, total, status),) = shop.rows(
        "SELECT l.sku_code, l.quantity, o.total_minor, o.status"
        " FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id"
    )
    assert (code[:8], quantity, total) == ("LANTERN-", 1, 3495 + 495)
    assert status in {"FULFILLED", "COMPLETED"}
    assert shop.sandbox.succeeded("capture") == 1, "the button was pressed twice"
    assert stock(shop, code) == (9, 0, 0)
    assert shop.rows("SELECT orders, gross_minor FROM analytics_dailyrevenue") == [(1, total)]
    assert findings(shop) == {}
    for told in ("ecommerce.orders.order.paid.v1", f"%PDF- in {tmp_path}/{code}.pdf", "\nTrue\n"):
        assert told in done.stdout


def paste(page: Path, shop: LiveShop, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the page's bash blocks in one shell; the first thing that fails, or waits in vain, ends it."""
    blocks = re.findall(r"^```bash\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 10
    script = "\n".join(("set -euo pipefail", *blocks)).replace(".venv/bin/python", sys.executable)
    return subprocess.run(
        ["timeout", str(PATIENCE_SECONDS), "bash", "-c", script],
        cwd=ROOT,
        env={**shop.environment, "SHOP": shop.urls[0], "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
    )


def stock(shop: LiveShop, code: str) -> tuple[Any, ...]:
    """(on hand, reserved, allocated)"""
    (row,) = shop.rows(
        "SELECT on_hand, reserved, allocated FROM inventory_stocklevel l"
        " JOIN catalog_sku s ON s.id = l.sku_id WHERE s.code = %s",
        [code],
    )
    return row
