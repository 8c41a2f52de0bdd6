"""Promotions: made, switched on and off, tried without effect."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from apps.pricing.errors import PromotionConflict, PromotionInvalid, PromotionNotFound
from apps.pricing.events import PromotionCreated, PromotionStateChanged
from apps.pricing.models import Promotion as PromotionRow
from apps.pricing.services._references import fault_of_channel, fault_of_currency
from apps.pricing.types import (
    EFFECTS,
    FIXED,
    FREE_SHIPPING,
    PERCENTAGE,
    CreatePromotion,
    Promotion,
)
from ecommerce.audit import record
from ecommerce.errors import Fault
from ecommerce.events import publish
from ecommerce.identity import Viewer

_ACTION = "/actions/0/value"
_ALL = "/conditions/all"


@transaction.atomic
def create_promotion(command: CreatePromotion, *, now: datetime) -> Promotion:
    """Write a rule down. Raises PromotionInvalid, telling what does not fit, or PromotionConflict."""
    if faults := _faults(command):
        raise PromotionInvalid(faults=faults)
    fields = {name: value for name, value in asdict(command).items() if name != "actor"}
    fields |= {"sku_ids": list(command.sku_ids), "category_ids": list(command.category_ids)}
    try:
        with transaction.atomic():
            row = PromotionRow.objects.create(**fields, created_at=now)
    except IntegrityError as error:
        raise PromotionConflict(f"There is a promotion {command.code}") from error
    publish(
        PromotionCreated(
            promotion_id=row.id,
            promotion_code=row.code,
            effect=row.effect,
            channel=row.channel,
            currency=row.currency,
            priority=row.priority,
            stacking=row.stacking,
            status=row.status,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
    )
    record(
        action="pricing.promotion.created",
        entity_type="promotion",
        entity_id=row.id,
        actor=command.actor,
    )
    return view_of_promotion(row)


@transaction.atomic
def set_promotion_status(
    *, promotion_id: UUID, status: str, actor: Viewer | None = None
) -> Promotion:
    """Switch a promotion on (active), off (paused) or away for good (archived). Repeating it changes nothing."""
    row = PromotionRow.objects.select_for_update().filter(id=promotion_id).first()
    if row is None:
        raise PromotionNotFound()
    if status not in PromotionRow.Status.values or (row.status == "archived" != status):
        raise PromotionInvalid(f"A promotion does not go from {row.status} to {status}")
    if row.status != status:
        before, row.status, row.version = row.status, status, row.version + 1
        row.save(update_fields=["status", "version"])
        publish(
            PromotionStateChanged(
                promotion_id=row.id, from_status=before, to_status=status, version=row.version
            )
        )
        record(
            action="pricing.promotion.state_changed",
            entity_type="promotion",
            entity_id=row.id,
            actor=actor,
            changes={"status": [before, status]},
        )
    return view_of_promotion(row)


def active_promotions(*, channel: str | None, at: datetime) -> tuple[Promotion, ...]:
    """What holds at a time without a code, in the order in which it is applied."""
    rows = PromotionRow.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=at),
        Q(valid_to__isnull=True) | Q(valid_to__gt=at),
        status=PromotionRow.Status.ACTIVE,
        needs_coupon=False,
    )
    if channel:
        rows = rows.filter(channel__in=("", channel))
    return tuple(view_of_promotion(row) for row in rows.order_by("-priority", "id")[:500])


def _faults(command: CreatePromotion) -> list[Fault]:
    percentage, fixed = command.effect == PERCENTAGE, command.effect == FIXED
    targeted = bool(command.sku_ids or command.category_ids)
    checks = (
        (command.effect in EFFECTS, "/actions/0/type", "This is no kind of discount."),
        (
            not percentage or 0 < command.percent <= 100,
            _ACTION,
            "More than 0 and at most 100 percent.",
        ),
        (not fixed or command.amount_minor > 0, _ACTION, "An amount above 0."),
        (percentage or not command.percent, _ACTION, "A percentage does not belong here."),
        (fixed or not command.amount_minor, _ACTION, "An amount does not belong here."),
        (
            command.effect != FREE_SHIPPING or not targeted,
            _ALL,
            "Free shipping is of the whole order.",
        ),
        (command.min_subtotal_minor >= 0, _ALL, "A threshold is not negative."),
        (
            bool(command.currency) or not _has_amounts(command),
            _ALL,
            "An amount needs its currency.",
        ),
        (_period_fits(command), "/validTo", "Later than validFrom."),
    )
    told = [Fault(pointer=pointer, detail=detail) for fits, pointer, detail in checks if not fits]
    return [*told, *_faults_of_references(command)]


def _faults_of_references(command: CreatePromotion) -> list[Fault]:
    """A rule for a channel or in a currency that nobody sells in would never do anything."""
    fault = fault_of_channel(command.channel, pointer=_ALL) if command.channel else None
    if fault is None and command.currency:
        fault = fault_of_currency(command.currency, channel=command.channel, pointer=_ALL)
    return [fault] if fault else []


def _has_amounts(command: CreatePromotion) -> bool:
    return bool(command.amount_minor or command.min_subtotal_minor)


def _period_fits(command: CreatePromotion) -> bool:
    return not (command.valid_from and command.valid_to) or command.valid_from < command.valid_to


def view_of_promotion(row: PromotionRow) -> Promotion:
    return Promotion(
        id=row.id,
        code=row.code,
        name=row.name,
        effect=row.effect,
        needs_coupon=row.needs_coupon,
        channel=row.channel,
        currency=row.currency,
        percent=row.percent,
        amount_minor=row.amount_minor,
        min_subtotal_minor=row.min_subtotal_minor,
        sku_ids=tuple(row.sku_ids),
        category_ids=tuple(row.category_ids),
        priority=row.priority,
        stacking=row.stacking,
        status=row.status,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        version=row.version,
    )
