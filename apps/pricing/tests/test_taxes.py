"""Tax: dated rates, rounding per line, and the published rates of the EU as a check."""

import json
import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.pricing import services
from apps.pricing.domain.tax import tax_of
from apps.pricing.errors import TaxRateOverlap
from apps.pricing.tests.factories import NOW, refused, taxed
from apps.pricing.types import CalculateTax, CreateTaxRate, TaxableLine

REAL = Path(os.environ.get("SHOP_REAL_DATA", Path(__file__).parents[4] / "shared" / "data"))
PUBLISHED = REAL / "tax" / "vat-ibericode" / "vat-rates.json"


@pytest.mark.parametrize(
    ("amount", "percent", "included", "tax"),
    [
        (1190, "19", True, 190),
        (1000, "19", False, 190),
        (50, "1", False, 1),
        (49, "1", False, 0),
        (1999, "8.8750", False, 177),
        (3, "100", True, 2),
        (0, "21", True, 0),
        (1000, "0", True, 0),
    ],
)
def test_tax_is_rounded_half_up(amount: int, percent: str, included: bool, tax: int) -> None:
    assert tax_of(amount, Decimal(percent), included=included) == tax


@settings(deadline=None)
@given(st.integers(0, 10**12), st.decimals(0, 100, places=4))
def test_tax_that_is_taken_out_is_the_tax_that_was_put_on_to_half_a_unit(
    net: int, percent: Decimal
) -> None:
    gross = net + tax_of(net, percent, included=False)

    assert abs(tax_of(gross, percent, included=True) - (gross - net)) <= 1


@pytest.mark.django_db
def test_tax_is_calculated_per_line_and_the_sums_are_those_of_the_lines() -> None:
    taxed("19")
    taxed("7", tax_class="reduced")
    lines = (
        TaxableLine(line_id="a", amount_minor=999),
        TaxableLine(line_id="b", amount_minor=999, tax_class="reduced"),
        TaxableLine(line_id="c", amount_minor=999, tax_class="unheard-of"),
    )

    result = services.calculate_tax(
        CalculateTax(country="DE", currency="EUR", lines=lines, prices_include_tax=False), now=NOW
    )

    assert [(one.tax_minor, one.gross_minor) for one in result.lines] == [
        (190, 1189),
        (70, 1069),
        (0, 999),
    ]
    assert (result.net_minor, result.tax_minor, result.gross_minor) == (2997, 260, 3257)
    assert [one.tax_name for one in result.lines] == ["VAT 19", "VAT 7", ""]


@pytest.mark.django_db
def test_rates_of_one_class_do_not_overlap_and_follow_each_other() -> None:
    end = NOW + timedelta(days=30)
    taxed("19", valid_from=NOW, valid_to=end)
    with refused(TaxRateOverlap):
        taxed("20", valid_from=end - timedelta(days=1))
    taxed("20", valid_from=end)
    lines = (TaxableLine(line_id="a", amount_minor=1000),)
    ask = CalculateTax(country="DE", currency="EUR", lines=lines, prices_include_tax=False)

    assert [services.calculate_tax(ask, now=at).tax_minor for at in (NOW, end)] == [190, 200]


@pytest.mark.django_db
@pytest.mark.skipif(
    not PUBLISHED.exists(), reason="the published EU VAT rates are not on this machine"
)
def test_every_published_vat_rate_of_the_eu_is_found_on_its_day() -> None:
    epoch = datetime(1, 1, 1, tzinfo=UTC)
    rates = [
        (country, period["effective_from"], kind, Decimal(str(rate)))
        for country, periods in json.loads(PUBLISHED.read_text())["items"].items()
        for period in sorted(periods, key=lambda period: period["effective_from"])
        for kind, rate in period["rates"].items()
    ]
    starts: dict[tuple[str, str], list[tuple[datetime, Decimal]]] = {}
    for country, day, kind, rate in rates:
        start = epoch if day.startswith("0000") else datetime.fromisoformat(day).replace(tzinfo=UTC)
        starts.setdefault((country, kind), []).append((start, rate))
    for (country, kind), periods in starts.items():
        ends = [start for start, _ in periods[1:]] + [None]
        for (start, rate), end in zip(periods, ends, strict=True):
            services.create_tax_rate(
                CreateTaxRate(
                    country=country,
                    tax_class=kind,
                    rate=rate,
                    name=kind,
                    valid_from=start,
                    valid_to=end,
                ),
                now=NOW,
            )
    line = (TaxableLine(line_id="a", amount_minor=1_000_000),)
    for (country, kind), periods in starts.items():
        for start, rate in periods:
            asked = CalculateTax(
                country=country,
                currency="EUR",
                lines=(TaxableLine(line_id="a", amount_minor=1_000_000, tax_class=kind),),
                prices_include_tax=False,
            )
            result = services.calculate_tax(asked, now=max(start, epoch + timedelta(days=1)))
            assert result.tax_minor == int(rate * 10_000), (country, kind, start)
    germany = CalculateTax(country="DE", currency="EUR", lines=line, prices_include_tax=False)
    in_2020 = datetime(2020, 8, 1, tzinfo=UTC)
    assert services.calculate_tax(germany, now=in_2020).tax_minor == 160_000
    assert services.calculate_tax(germany, now=NOW).tax_minor == 190_000
