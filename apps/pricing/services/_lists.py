"""Price lists."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.pricing.errors import PriceListConflict, PriceListNotFound
from apps.pricing.events import PriceListCreated
from apps.pricing.models import PriceList as ListRow
from apps.pricing.services._references import check_sold
from apps.pricing.types import CreatePriceList, PriceList
from ecommerce.audit import record
from ecommerce.events import publish


@transaction.atomic
def create_price_list(command: CreatePriceList, *, now: datetime) -> PriceList:
    """Open a price list of a channel, in a currency that it sells in.

    Raises NotSoldThere; PriceListConflict where the code is taken, or where other lists of that channel and
    currency take the other side on whether prices include tax.
    """
    check_sold(channel=command.channel, currency=command.currency)
    return view_of_list(_create(command, now=now, is_default=False))


def get_price_list(price_list_id: UUID) -> PriceList:
    """Raises PriceListNotFound."""
    row = ListRow.objects.filter(id=price_list_id).first()
    if row is None:
        raise PriceListNotFound()
    return view_of_list(row)


@transaction.atomic
def ensure_price_list(
    *, channel: str, currency: str, now: datetime, prices_include_tax: bool = True
) -> PriceList:
    """The default price list of a channel in a currency, made on first use.

    A new one follows the side that its sisters take on tax, or ``prices_include_tax`` where it is the first.
    """
    row = ListRow.objects.filter(channel=channel, currency=currency, is_default=True).first()
    if row is None:
        sister = ListRow.objects.filter(channel=channel, currency=currency).first()
        command = CreatePriceList(
            code=f"{channel}-{currency}".lower(),
            name=f"{channel} {currency}",
            channel=channel,
            currency=currency,
            prices_include_tax=sister.prices_include_tax if sister else prices_include_tax,
        )
        row = _create(command, now=now, is_default=True)
    return view_of_list(row)


def _create(command: CreatePriceList, *, now: datetime, is_default: bool) -> ListRow:
    try:
        with transaction.atomic():
            row = ListRow.objects.create(
                code=command.code,
                name=command.name,
                channel=command.channel,
                currency=command.currency,
                priority=command.priority,
                prices_include_tax=command.prices_include_tax,
                is_default=is_default,
                status=command.status,
                valid_from=command.valid_from,
                valid_to=command.valid_to,
                created_at=now,
            )
    except IntegrityError as error:
        raise _conflict(command, error) from error
    publish(
        PriceListCreated(
            price_list_id=row.id,
            price_list_code=row.code,
            channel=row.channel,
            currency=row.currency,
            priority=row.priority,
            includes_tax=row.prices_include_tax,
            status=row.status,
        )
    )
    record(
        action="pricing.price_list.created",
        entity_type="price_list",
        entity_id=row.id,
        actor=command.actor,
    )
    return row


def _conflict(command: CreatePriceList, error: IntegrityError) -> PriceListConflict:
    if "pricing_lists_agree_on_tax" in str(error):
        side = "exclude" if command.prices_include_tax else "include"
        return PriceListConflict(f"Prices of {command.channel} in {command.currency} {side} tax")
    return PriceListConflict(f"There is a price list {command.code}")


def view_of_list(row: ListRow) -> PriceList:
    return PriceList(
        id=row.id,
        code=row.code,
        name=row.name,
        channel=row.channel,
        currency=row.currency,
        priority=row.priority,
        status=row.status,
        prices_include_tax=row.prices_include_tax,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        version=row.version,
    )
