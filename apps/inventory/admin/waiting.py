"""What waits for somebody who looks after stock."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Exists, F, Model, OuterRef, Q

from apps.inventory.domain.warehouse import LOUD_TRIES
from apps.inventory.models import (
    AlertInstance,
    Allocation,
    Backorder,
    CountSession,
    DeviceLetter,
    Discrepancy,
    Inbound,
    PurchaseOrder,
    ReplenishmentProposal,
    Reservation,
    StockCheck,
    StockHold,
    StockLevel,
    StockTransfer,
    Stripe,
    WarehouseMessage,
    WarehouseTask,
)
from ecommerce.operations.worklist import Waiting, declare

LATE_TRANSFER = timedelta(days=7)
"""A transfer that is longer on its way is late."""
_ON_ITS_WAY = ("IN_TRANSIT", "PARTIALLY_RECEIVED")
_ON_STRIPES = Exists(Stripe.objects.filter(level=OuterRef("pk"), free__gt=0))
_Rows = Callable[[datetime], Q]


def _always(**fields: object) -> _Rows:
    """Rows that wait whatever the time."""
    return lambda _: Q(**fields)


def _group(group: str, *works: tuple[type[Model], str, str, _Rows, str]) -> None:
    declare(
        Waiting(group=group, model=model, name=name, title=title, rows=rows, hint=hint)
        for model, name, title, rows, hint in works
    )


_group(
    "Stock",
    (
        AlertInstance, "on", "Alerts that go on", _always(state="TRIGGERED"),
        "A rule's threshold is crossed and has not recovered.",
    ),
    (
        StockLevel, "sold-out", "Sold out",
        lambda _: Q(on_hand=F("reserved") + F("allocated"), location__active=True) & ~Q(_ON_STRIPES),
        "Nothing is available at a location that sells.",
    ),
    (
        StockTransfer, "late", "Transfers that are late",
        lambda now: Q(status__in=_ON_ITS_WAY, shipped_at__lt=now - LATE_TRANSFER),
        f"On their way for more than {LATE_TRANSFER.days} days, and not all has come.",
    ),
    (
        StockTransfer, "differing", "Transfers with a difference",
        _always(status="DISCREPANCY"), "Some units broke or never came: close them.",
    ),
    (
        StockCheck, "off", "Checks that found the books wrong",
        lambda now: Q(checked_at__gt=now - timedelta(days=1)) & ~Q(differences={}),
        "The hourly check, within the last day.",
    ),
)  # fmt: skip
_group(
    "Selling",
    (
        Allocation, "unsent", "Orders that no location can send", _always(status="FAILED"),
        "Paid for, but the units were not found and nowhere else are any.",
    ),
    (
        Backorder, "late", "Backorders past their promised day",
        lambda now: Q(promised_at__lt=now, quantity__gt=F("filled") + F("cancelled")),
        "Customers wait for units that should have come.",
    ),
    (
        Reservation, "over", "Holds past their time",
        lambda now: Q(status="RESERVED", expires_at__lte=now),
        "They count for nobody and are swept by themselves: if they stay, no worker runs.",
    ),
)  # fmt: skip
_group(
    "Buying",
    (
        PurchaseOrder, "to-approve", "Orders to approve", _always(state="DRAFT"),
        "Drafts: nothing is bought before somebody approves.",
    ),
    (
        PurchaseOrder, "to-send", "Orders to send", _always(state="APPROVED"),
        "Approved, but the supplier does not know yet.",
    ),
    (
        Inbound, "late", "Deliveries that are late",
        lambda now: Q(state__in=("EXPECTED", "PARTIALLY_RECEIVED"), expected_at__lt=now),
        "Announced for a day that has passed.",
    ),
    (
        Discrepancy, "open", "Differences to settle", _always(state="OPEN"),
        "A delivery brought more, fewer or broken units: accept, credit or recount.",
    ),
)  # fmt: skip
_group(
    "Warehouse",
    (
        WarehouseTask, "unanswered", "Tasks without an answer",
        lambda _: ~Q(pending="") & Q(tries__gte=LOUD_TRIES),
        f"A warehouse was asked {LOUD_TRIES} times or more; it goes on being asked.",
    ),
    (
        WarehouseMessage, "failed", "Reports given up", _always(state="failed"),
        "What warehouses told could not be applied: mend what the error names, then try again.",
    ),
    (
        DeviceLetter, "open", "Devices' messages not applied", _always(status="open"),
        "Apply them after all, or discard them.",
    ),
)  # fmt: skip
_group(
    "Counting",
    (
        CountSession, "to-review", "Counts to review", _always(status="REVIEW"),
        "The counts are in: decide on the differences and book them.",
    ),
    (
        CountSession, "open", "Counts to finish", _always(status="OPEN"),
        "Somebody goes through these shelves, or was going to.",
    ),
    (
        StockHold, "held", "SKUs held from sale", _always(lifted_at=None),
        "Nothing of them is sold there until somebody lets it.",
    ),
)  # fmt: skip
_group(
    "Planning",
    (
        ReplenishmentProposal, "open", "Proposals to decide on", _always(state="PROPOSED"),
        "Order them or dismiss them.",
    ),
)  # fmt: skip
