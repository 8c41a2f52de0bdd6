"""The back office of pricing: every screen opens, and what is typed goes through the services."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from apps.catalog import services as catalog
from apps.pricing import services
from apps.pricing.models import Coupon, Price, PriceList, Promotion, Quote, TaxRate
from apps.pricing.tests.factories import NOW, cart, coupon, line, priced, promotion, taxed
from ecommerce import clock
from ecommerce.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client) -> Client:
    """A merchandiser at the back office's door."""
    user = get_user_model()(email="m@example.com", roles=["merchandiser"])
    user.save()
    client.force_login(user, backend="apps.accounts.admin.login.GuardedLogin")
    return client


def url(kind: type, *rest: str) -> str:
    return "/".join(["/admin/pricing", kind.__name__.lower(), *rest, ""])


def test_every_screen_opens(office: Client) -> None:
    mug = priced(1000)
    taxed("19")
    promotion("ten", percent=10)
    coupon("SAVE")
    services.quote_cart(cart(line(mug), record=True), now=NOW)

    for kind in (PriceList, Price, TaxRate, Promotion, Coupon, Quote):
        pages = [url(kind), url(kind, str(kind.objects.values_list("pk", flat=True)[0]), "change")]
        for page in pages if kind is Quote else [*pages, url(kind, "add")]:
            assert office.get(page).status_code == 200, page
    assert "10.00 EUR off the lines" not in office.get(pages[1]).content.decode()
    assert "1.00 EUR off the lines" in office.get(pages[1]).content.decode()


def test_prices_are_shown_and_found_by_what_people_call_the_sku(office: Client) -> None:
    mug, tea = priced(1740), priced(1000)
    codes = {sku.id: sku.code for sku in catalog.find_skus(ids=[mug, tea]).values()}

    found = office.get(url(Price), {"q": codes[mug]}).content.decode()

    assert codes[mug] in found
    assert "17.40 EUR" in found
    assert codes[tea] not in found


def test_a_price_typed_in_takes_the_place_of_the_present_one(office: Client) -> None:
    mug = priced(1000)
    web = PriceList.objects.get()
    body = {
        "price_list": web.pk,
        "sku": str(mug),
        "amount": "12.50",
        "min_quantity": 1,
        "reason": "x",
    }

    answer = office.post(url(Price, "add"), {**body, **_empty("valid_from", "valid_to")})

    assert answer.status_code == 302, answer.context["errors"]
    price = services.prices_for(sku_ids=[mug], channel="web", currency="EUR", now=clock.now())[mug]
    assert price.amount_minor == 1250
    assert Price.objects.count() == 2


def test_what_a_currency_cannot_say_is_refused_in_the_form(office: Client) -> None:
    mug = priced(1000, currency="JPY")
    body = {
        "price_list": PriceList.objects.get().pk,
        "sku": str(mug),
        "amount": "0.5",
        "min_quantity": 1,
    }

    answer = office.post(url(Price, "add"), {**body, **_empty("valid_from", "valid_to")})

    assert answer.status_code == 200
    assert "more decimals than JPY has" in answer.content.decode()


def test_a_price_of_no_sku_is_refused_in_the_form(office: Client) -> None:
    priced(1000)
    body = {
        "price_list": PriceList.objects.get().pk,
        "sku": str(new_id()),
        "amount": "5",
        "min_quantity": 1,
    }

    answer = office.post(url(Price, "add"), {**body, **_empty("valid_from", "valid_to")})

    assert answer.status_code == 200
    assert "There is no SKU" in answer.content.decode()
    assert Price.objects.count() == 1


def test_a_refusal_of_the_service_is_told(office: Client) -> None:
    body = {
        "code": "odd",
        "name": "Odd",
        "effect": "fixed_discount",
        "percent": "0",
        "amount_minor": "0",
    }
    rest = {
        "min_subtotal_minor": "0",
        "priority": "0",
        "stacking": "combinable",
        "status": "active",
    }

    answer = office.post(
        url(Promotion, "add"), {**body, **rest, **_empty("valid_from", "valid_to")}, follow=True
    )

    assert not Promotion.objects.exists()
    assert answer.status_code == 200


def test_actions_switch_and_retire(office: Client) -> None:
    mug, rule = priced(1000), promotion("ten", percent=10)
    coupon("SAVE")
    acts: list[tuple[Any, str]] = [(Price, "retire"), (Promotion, "pause"), (Coupon, "disable")]
    for kind, action in acts:
        chosen = list(kind.objects.values_list("pk", flat=True))
        assert (
            office.post(url(kind), {"action": action, "_selected_action": chosen}).status_code
            == 302
        )

    assert services.prices_for(sku_ids=[mug], channel="web", currency="EUR", now=clock.now()) == {}
    assert Promotion.objects.get(id=rule.id).status == "paused"
    assert services.get_coupon("SAVE").status == "disabled"


def test_a_promotion_and_a_tax_rate_are_typed_in(office: Client) -> None:
    rule = {
        "code": "ten",
        "name": "Ten",
        "effect": "percentage_discount",
        "percent": "10",
        "amount_minor": "0",
        "min_subtotal_minor": "0",
        "priority": "0",
        "stacking": "combinable",
        "status": "active",
    }
    rate = {
        "country": "DE",
        "region": "",
        "tax_class_code": "standard",
        "rate": "19",
        "name": "USt",
    }

    for kind, body in ((Promotion, rule), (TaxRate, rate)):
        answer = office.post(url(kind, "add"), {**body, **_empty("valid_from", "valid_to")})
        assert answer.status_code == 302, answer.context["errors"]

    assert Promotion.objects.get().percent == 10
    assert TaxRate.objects.get().rate == 19


def _empty(*moments: str) -> dict[str, Any]:
    return {f"{moment}_{part}": "" for moment in moments for part in (0, 1)}
