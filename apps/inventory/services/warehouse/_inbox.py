"""The inbox: take what a warehouse sends, once, and apply it in any order."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import Error, transaction

from apps.inventory.domain.warehouse import LOUD_TRIES, wait_seconds
from apps.inventory.errors import NoWarehouseSystem, UnfitReport
from apps.inventory.gateways.wms.connected import system_named
from apps.inventory.gateways.wms.port import Message
from apps.inventory.models import WarehouseMessage
from apps.inventory.queries import warehouse
from apps.inventory.queries.warehouse import Place
from apps.inventory.services.warehouse._apply import apply_report
from apps.inventory.services.warehouse._deliveries import task_meant
from apps.inventory.types import LotUnits, ReportedLine, WarehouseReport
from ecommerce.errors import ShopError, kept_reason

log = logging.getLogger(__name__)


def receive_callback(
    *, location: str, body: bytes, headers: Mapping[str, str], now: datetime
) -> bool:
    """Keep what a warehouse's system tells and apply it; False if it was kept before.

    Raises UnknownLocation, NoWarehouseSystem, BadWarehouseSignature unless the system signed these very
    bytes within five minutes, and then nothing has changed; UnreadableReport. What cannot be applied
    yet stays in the inbox and is tried again by apply_messages.
    """
    place = warehouse.place(location)
    system = system_named(place.system)
    if system is None:
        raise NoWarehouseSystem(f"{place.code} is run by hand")
    row_id = keep_message(place, system.read_callback(body, headers, now), now)
    if row_id is not None:
        _apply(WarehouseMessage.objects.get(id=row_id), now)
    return row_id is not None


def keep_message(place: Place, message: Message, now: datetime) -> UUID | None:
    """Put a message into the inbox; None if it is there."""
    with transaction.atomic():
        return warehouse.keep(
            location_id=place.id,
            event_id=message.event_id,
            task_id=message.report.task_id,
            sequence=message.report.sequence,
            report=_kept(message.report),
            now=now,
        )


def apply_messages(*, now: datetime, limit: int = 100) -> int:
    """Try what the inbox holds and is due; says how many were applied."""
    due = WarehouseMessage.objects.filter(state="received", next_try_at__lte=now)
    return sum(_apply(row, now) for row in list(due.order_by("next_try_at", "sequence")[:limit]))


def retry_message(*, message_id: UUID, now: datetime) -> bool:
    """Apply now what was given up; has it been?"""
    WarehouseMessage.objects.filter(id=message_id, state="failed").update(
        state="received", next_try_at=now
    )
    row = WarehouseMessage.objects.get(id=message_id)
    return row.state == "applied" or _apply(row, now)


def _apply(row: WarehouseMessage, now: datetime) -> bool:
    try:
        with transaction.atomic():
            locked = WarehouseMessage.objects.select_for_update(skip_locked=True)
            if not locked.filter(id=row.id, state="received").exists():
                return False
            meant = task_meant(row.task_id, location_id=row.location_id, now=now)
            report = replace(_report(row), task_id=meant)
            _refuse_elsewhere(row, meant)
            apply_report(report=report, actor="warehouse", now=now)
            WarehouseMessage.objects.filter(id=row.id).update(
                state="applied", applied_at=now, last_error=""
            )
    except (ShopError, Error) as error:
        _postpone(row, kept_reason(error), now, give_up=isinstance(error, UnfitReport))
        return False
    except Exception as error:
        log.exception("warehouse message %s broke", row.event_id)
        _postpone(row, kept_reason(error), now)
        return False
    return True


def _refuse_elsewhere(row: WarehouseMessage, task_id: UUID) -> None:
    """A warehouse tells of its own tasks only."""
    if warehouse.place_of(task_id) not in {None, row.location_id}:
        raise UnfitReport("The task is of another warehouse.")


def _postpone(row: WarehouseMessage, why: str, now: datetime, *, give_up: bool = False) -> None:
    tries = row.tries + 1
    given_up = give_up or tries >= LOUD_TRIES
    log.log(
        logging.ERROR if given_up else logging.WARNING,
        "warehouse message %s cannot be applied: %s",
        row.event_id,
        why,
    )
    WarehouseMessage.objects.filter(id=row.id).update(
        tries=tries,
        last_error=why[:300],
        state="failed" if given_up else "received",
        next_try_at=now + timedelta(seconds=wait_seconds(tries)),
    )


def _kept(report: WarehouseReport) -> dict[str, Any]:
    return {
        "status": report.status,
        "lines": [
            {
                "sku": str(line.sku_id),
                "quantity": line.quantity,
                "done": line.done,
                "damaged": line.damaged,
                "lots": [
                    {
                        "code": lot.code,
                        "quantity": lot.quantity,
                        "expires_on": lot.expires_on and lot.expires_on.isoformat(),
                    }
                    for lot in line.lots
                ],
            }
            for line in report.lines
        ],
    }


def _report(row: WarehouseMessage) -> WarehouseReport:
    return WarehouseReport(
        task_id=row.task_id,
        sequence=row.sequence,
        status=row.report["status"],
        lines=tuple(
            ReportedLine(
                sku_id=UUID(line["sku"]),
                quantity=line["quantity"],
                done=line["done"],
                damaged=line["damaged"],
                lots=tuple(
                    LotUnits(
                        code=lot["code"],
                        quantity=lot["quantity"],
                        expires_on=date.fromisoformat(lot["expires_on"])
                        if lot["expires_on"]
                        else None,
                    )
                    for lot in line["lots"]
                ),
            )
            for line in row.report["lines"]
        ),
    )
