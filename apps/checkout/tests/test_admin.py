"""A purchase in the back office: read by somebody who has never seen a column of ours."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from apps.checkout.models import Saga
from apps.checkout.tests.factories import confirmed, customer, for_sale, open_shop, started
from ecommerce.events.testing import drain

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client) -> Client:
    open_shop()
    client.force_login(
        get_user_model().objects.create_superuser(email="boss@example.com", password="x")
    )
    return client


def test_order_payment_checkout_and_saga_lead_to_each_other(
    office: Client, sandbox_server: Any
) -> None:
    ada = customer()
    checkout = confirmed(ada, started(ada, (for_sale("MUG", price=1250), 1))).checkout
    saga = Saga.objects.get()
    drain()
    change = {
        "order": f"/admin/orders/order/{checkout.order_id}/change/",
        "payment": f"/admin/payments/payment/{checkout.payment_id}/change/",
        "checkout": f"/admin/checkout/checkout/{checkout.id}/change/",
        "saga": f"/admin/checkout/saga/{saga.id}/change/",
    }
    pages = {name: office.get(path).content.decode() for name, path in change.items()}

    assert f"/admin/checkout/saga/?q={checkout.order_id}" in pages["order"]
    assert (
        str(saga.id) in office.get(f"/admin/checkout/saga/?q={checkout.order_id}").content.decode()
    )
    for page, targets in {
        "order": ("payment", "checkout"),
        "payment": ("order",),
        "checkout": ("order", "payment", "saga"),
        "saga": ("order", "payment", "checkout"),
    }.items():
        for target in targets:
            assert change[target] in pages[page], (page, target)
    for name in ("order", "payment", "checkout"):
        assert "17.40 EUR" in pages[name], name
        assert not any(raw in pages[name] for raw in (" 1740 ", ">1740<")), name
    assert "1 × The MUG (MUG): 12.50 EUR" in pages["checkout"]
    assert "place: done" in pages["saga"]
    assert "tok_visa" not in pages["checkout"]


@pytest.mark.parametrize(
    "page",
    ["orders/order", "checkout/checkout", "checkout/saga", "payments/payment", "payments/attempt",
     "payments/journalentry", "shipping/fulfilment", "shipping/shipment", "shipping/shippingmethod",
     "shipping/trackingevent", "analytics/customerorder"],
)  # fmt: skip
def test_every_list_and_each_of_its_pages_opens(
    office: Client, sandbox_server: Any, page: str
) -> None:
    ada = customer()
    confirmed(ada, started(ada, (for_sale("MUG", price=1250), 1)))
    drain()

    listed = office.get(f"/admin/{page}/")
    links = [part.split('"')[0] for part in listed.content.decode().split('href="')[1:]]
    pages = {
        link.split("?")[0]
        for link in links
        if link.startswith(f"/admin/{page}/") and "/change/" in link
    }

    assert listed.status_code == 200
    assert "entrys" not in listed.content.decode()
    assert "addresss" not in listed.content.decode()
    assert {office.get(link).status_code for link in pages} <= {200}
