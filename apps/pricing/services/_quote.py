"""Quotes: the one place where a price is computed, recorded and computed again."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from apps.pricing.domain import record
from apps.pricing.domain.codes import normal_codes
from apps.pricing.domain.facts import QuoteInputs
from apps.pricing.domain.quote import Priced, price_cart
from apps.pricing.errors import PriceMissing, QuoteNotFound
from apps.pricing.models import Quote as QuoteRow
from apps.pricing.queries import facts
from apps.pricing.types import Quote, QuoteCart, ReplayResult, UnitPrice
from ecommerce.ids import new_id

_SALT = "pricing.quote"


def prices_for(
    *, sku_ids: Collection[UUID], channel: str, currency: str, now: datetime
) -> dict[UUID, UnitPrice]:
    """What one unit of each SKU costs at ``now``, in minor units; SKUs without a price are left out.

    One statement. ``now`` may lie in the past (history is kept) or in the future (scheduled prices).
    """
    return facts.unit_prices(dict.fromkeys(sku_ids, 1), channel=channel, currency=currency, at=now)


def quote_cart(command: QuoteCart, *, now: datetime) -> Quote:
    """Price a cart: unit prices, promotions, coupons, tax, total, and the reasons.

    Raises PriceMissing, naming the SKUs that have no price. A coupon that cannot be used is no error:
    its reason says why. At most four statements. With ``record=True`` the inputs, the result and an
    HMAC over both are stored, so that ``replay_quote`` finds the same cent years later.
    """
    inputs = _gather(command, now)
    priced = price_cart(inputs)
    quote_id = new_id()
    written, result = record.plain(inputs), record.plain(priced)
    version = record.version_of(written)
    signature = _sign(quote_id, version, result, now)
    if command.record:
        QuoteRow.objects.create(
            id=quote_id,
            channel=command.channel,
            currency=command.currency,
            total_minor=priced.total_minor,
            inputs=written,
            result=result,
            inputs_version=version,
            signature=signature,
            created_at=now,
        )
    return _quote(quote_id, inputs, priced, version=version, signature=signature, created_at=now)


def get_quote(quote_id: UUID) -> Quote:
    """A recorded quote as it was given. Raises QuoteNotFound."""
    return _as_recorded(_row(quote_id))


def replay_quote(quote_id: UUID) -> ReplayResult:
    """Compute a recorded quote again from its own inputs and check its seal. Changes nothing."""
    row = _row(quote_id)
    priced = price_cart(record.read_inputs(row.inputs))
    again = record.plain(priced)
    differing = record.differences(row.result, again)
    sealed = record.version_of(row.inputs) == row.inputs_version and any(
        constant_time_compare(
            row.signature, _sign(row.id, row.inputs_version, row.result, row.created_at, key)
        )
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    )
    return ReplayResult(
        quote_id=row.id,
        identical=not differing and sealed,
        signature_valid=sealed,
        recorded_total_minor=row.result["total_minor"],
        replayed_total_minor=priced.total_minor,
        differences=differing,
        quote=_as_recorded(row),
    )


def _gather(command: QuoteCart, now: datetime) -> QuoteInputs:
    codes = normal_codes(command.coupon_codes)
    wanted = Counter[UUID]()
    for line in command.lines:
        wanted[line.sku_id] += line.quantity
    prices = facts.unit_prices(wanted, channel=command.channel, currency=command.currency, at=now)
    if missing := wanted.keys() - prices.keys():
        raise PriceMissing(
            f"No price in {command.currency} on channel {command.channel}",
            sku_ids=sorted(str(sku_id) for sku_id in missing),
        )
    classes = {line.tax_class for line in command.lines} | {command.shipping_tax_class}
    return QuoteInputs(
        at=now,
        cart=replace(command, coupon_codes=codes),
        prices=tuple(prices[sku_id] for sku_id in sorted(prices)),
        rates=facts.tax_rates(
            country=command.country, region=command.region, classes=classes, at=now
        ),
        rules=facts.rules(
            channel=command.channel, codes=codes, customer_id=command.customer_id, at=now
        ),
    )


def _sign(
    quote_id: UUID, version: str, result: object, at: datetime, key: str | bytes | None = None
) -> str:
    sealed = record.canonical([str(quote_id), version, at.isoformat(), result])
    return salted_hmac(_SALT, sealed, secret=key, algorithm="sha256").hexdigest()


def _row(quote_id: UUID) -> QuoteRow:
    row = QuoteRow.objects.filter(id=quote_id).first()
    if row is None:
        raise QuoteNotFound()
    return row


def _as_recorded(row: QuoteRow) -> Quote:
    return _quote(
        row.id,
        record.read_inputs(row.inputs),
        record.read_priced(row.result),
        version=row.inputs_version,
        signature=row.signature,
        created_at=row.created_at,
    )


def _quote(
    quote_id: UUID,
    inputs: QuoteInputs,
    priced: Priced,
    *,
    version: str,
    signature: str,
    created_at: datetime,
) -> Quote:
    return Quote(
        id=quote_id,
        channel=inputs.cart.channel,
        currency=inputs.cart.currency,
        country=inputs.cart.country,
        prices_include_tax=priced.prices_include_tax,
        lines=priced.lines,
        subtotal_minor=priced.subtotal_minor,
        discount_minor=priced.discount_minor,
        shipping_minor=priced.shipping_minor,
        shipping_discount_minor=priced.shipping_discount_minor,
        shipping_tax_minor=priced.shipping_tax_minor,
        tax_minor=priced.tax_minor,
        total_minor=priced.total_minor,
        coupon_codes=priced.coupon_codes,
        reasons=priced.reasons,
        inputs_version=version,
        signature=signature,
        created_at=created_at,
    )
