"""Tax rates, and tax without a cart."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.pricing.domain.facts import RateFact
from apps.pricing.domain.tax import rate_for, tax_of
from apps.pricing.errors import TaxRateNotFound, TaxRateOverlap
from apps.pricing.models import TaxClass
from apps.pricing.models import TaxRate as RateRow
from apps.pricing.queries import facts
from apps.pricing.queries.copy import period
from apps.pricing.types import (
    CalculateTax,
    CreateTaxRate,
    TaxableLine,
    TaxedLine,
    TaxRate,
    TaxResult,
)
from ecommerce.audit import record
from ecommerce.identity import Viewer


@transaction.atomic
def create_tax_rate(command: CreateTaxRate, *, now: datetime) -> TaxRate:
    """A rate, in percent, of a class in a country (or a region of it) for a time; ``now`` where no start is told.

    Makes the tax class where it is new. Raises TaxRateOverlap where a rate holds in that period.
    """
    TaxClass.objects.bulk_create(
        [TaxClass(code=command.tax_class, name=command.tax_class.replace("_", " ").capitalize())],
        ignore_conflicts=True,
    )
    row = RateRow(
        country=command.country,
        region=command.region,
        tax_class_id=command.tax_class,
        rate=command.rate,
        name=command.name,
        valid_during=period(command.valid_from or now, command.valid_to),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise TaxRateOverlap() from error
    record(
        action="pricing.tax_rate.created",
        entity_type="tax_rate",
        entity_id=row.id,
        actor=command.actor,
        changes={"country": row.country, "region": row.region, "rate": str(row.rate)},
    )
    return view_of_rate(row)


@transaction.atomic
def end_tax_rate(*, rate_id: UUID, now: datetime, actor: Viewer | None = None) -> TaxRate:
    """The rate holds no longer from ``now`` on; what it was is kept. Repeating it changes nothing.

    Raises TaxRateNotFound, TaxRateOverlap where it has not begun (it can only run out).
    """
    row = RateRow.objects.select_for_update().filter(id=rate_id).first()
    if row is None:
        raise TaxRateNotFound()
    if row.valid_during.upper is not None and row.valid_during.upper <= now:
        return view_of_rate(row)
    if row.valid_during.lower is not None and row.valid_during.lower >= now:
        raise TaxRateOverlap("The rate has not begun")
    row.valid_during = period(row.valid_during.lower, now)
    row.save(update_fields=["valid_during"])
    record(action="pricing.tax_rate.ended", entity_type="tax_rate", entity_id=row.id, actor=actor)
    return view_of_rate(row)


def calculate_tax(command: CalculateTax, *, now: datetime) -> TaxResult:
    """The tax of each line at ``now``, rounded half up per line; the totals are the sums of the lines.

    A class without a rate there is taxed at 0, and its line names no tax.
    """
    rates = facts.tax_rates(
        country=command.country,
        region=command.region,
        classes={line.tax_class for line in command.lines},
        at=now,
    )
    lines = tuple(_taxed(line, command, rates) for line in command.lines)
    return TaxResult(
        currency=command.currency,
        lines=lines,
        net_minor=sum(line.net_minor for line in lines),
        tax_minor=sum(line.tax_minor for line in lines),
        gross_minor=sum(line.gross_minor for line in lines),
    )


def _taxed(line: TaxableLine, command: CalculateTax, rates: tuple[RateFact, ...]) -> TaxedLine:
    rate = rate_for(rates, tax_class=line.tax_class, region=command.region)
    percent = rate.percent if rate else Decimal(0)
    tax = tax_of(line.amount_minor, percent, included=command.prices_include_tax)
    net = line.amount_minor - tax if command.prices_include_tax else line.amount_minor
    return TaxedLine(
        line_id=line.line_id,
        net_minor=net,
        tax_minor=tax,
        gross_minor=net + tax,
        tax_rate=percent,
        tax_name=rate.name if rate else "",
    )


def view_of_rate(row: RateRow) -> TaxRate:
    return TaxRate(
        id=row.id,
        country=row.country,
        region=row.region,
        tax_class=row.tax_class_id,
        rate=row.rate,
        name=row.name,
        valid_from=row.valid_during.lower,
        valid_to=row.valid_during.upper,
    )
