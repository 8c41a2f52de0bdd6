"""Merchants, channels and sellers are set up by services."""

from dataclasses import replace

import pytest

from apps.accounts import services
from apps.accounts.models import Merchant as MerchantRow
from apps.accounts.types import Merchant, Seller
from ecommerce.ttl_cache import TtlCache

pytestmark = pytest.mark.django_db


def test_a_channel_takes_on_another_currency_and_locale() -> None:
    before = services.get_channel("web")
    wanted = replace(before, name="Fjord", currencies=("EUR", "USD"), locales=("en", "de"))

    services.save_channel(wanted)
    services.save_channel(wanted)

    TtlCache.clear_all()
    assert services.get_channel("web") == wanted


def test_merchant_and_seller_get_their_names_once() -> None:
    merchant = Merchant(
        code="default", name="Fjord", legal_name="Fjord GmbH", country="DE", vat_number=""
    )
    seller = Seller(code="house", name="Fjord", merchant="default", is_active=True)

    for _ in range(2):
        services.save_merchant(merchant)
        services.save_seller(seller)

    assert list(MerchantRow.objects.values_list("code", "name", "legal_name")) == [
        ("default", "Fjord", "Fjord GmbH")
    ]
    assert services.find_sellers() == {"house": seller}
