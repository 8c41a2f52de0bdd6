"""A buyer in the back office: an order is written, sent, received with a difference, and settled."""

from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from apps.catalog import services as catalog
from apps.catalog.types import ProductFields, SkuFields
from apps.inventory import services
from apps.inventory.models import Discrepancy, Inbound, Location, PurchaseOrder, Supplier
from apps.inventory.tests.factories import counts, location
from apps.inventory.types import SaveSupplier
from ecommerce.clock import now

pytestmark = pytest.mark.django_db
ADMIN = "/admin/inventory"


@pytest.fixture
def office(client: Client) -> Client:
    location()
    services.save_supplier(SaveSupplier(code="acme", name="Acme", email="orders@acme.example"))
    user = get_user_model().objects.create_superuser(email="boss@example.com", password="x")
    client.force_login(user)
    return client


@pytest.fixture
def mug() -> UUID:
    product = catalog.create_product(
        ProductFields(title="The mug"), now=now(), skus=[SkuFields(code="MUG")]
    )
    return product.skus[0].sku_id


def write(office: Client, sku: UUID) -> PurchaseOrder:
    form = {
        "supplier": str(Supplier.objects.get().id),
        "location": str(Location.objects.get(code="main").id),
        "exchange_rate": "1",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-position": "1",
        "lines-0-sku_id": str(sku),
        "lines-0-ordered": "5",
        "lines-0-unit_cost_minor": "100",
        "costs-TOTAL_FORMS": "1",
        "costs-INITIAL_FORMS": "0",
        "costs-0-kind": "freight",
        "costs-0-amount_minor": "50",
        "costs-0-split": "value",
    }
    answer = office.post(f"{ADMIN}/purchaseorder/add/", form)
    assert answer.status_code == 302, answer.context["errors"]
    return PurchaseOrder.objects.get()


def act(office: Client, page: str, verb: str, row: object) -> None:
    answer = office.post(
        f"{ADMIN}/{page}/",
        {"action": verb, "_selected_action": [str(row.id)]},  # type: ignore[attr-defined]
    )
    assert answer.status_code == 302


def test_an_order_is_written_sent_received_and_settled(office: Client, mug: UUID) -> None:
    order = write(office, mug)
    for verb in ("approve", "send", "announce"):
        act(office, "purchaseorder", verb, order)
    inbound = Inbound.objects.get()
    dialog = office.get(f"{ADMIN}/inbound/{inbound.id}/receive/").content.decode()
    assert "MUG: good" in dialog
    told = {"_form_submitted": "on", "key": "one", "final": "on"}
    for _ in range(2):
        office.post(
            f"{ADMIN}/inbound/{inbound.id}/receive/",
            told | {f"good_{mug}": "3", f"broken_{mug}": "1"},
        )
    assert counts(mug) == (3, 0, 0)
    under = Discrepancy.objects.get(kind="UNDER")
    broken = Discrepancy.objects.get(kind="DAMAGED")
    act(office, "discrepancy", "accept", under)
    office.post(
        f"{ADMIN}/discrepancy/{broken.id}/recount/", {"_form_submitted": "on", "counted": "0"}
    )
    assert counts(mug) == (4, 0, 0)
    order.refresh_from_db()
    assert order.state == "CLOSED"
    for page, row in (("purchaseorder", order), ("inbound", inbound), ("discrepancy", under)):
        assert "MUG" in office.get(f"{ADMIN}/{page}/{row.id}/change/").content.decode()
        assert office.get(f"{ADMIN}/{page}/").status_code == 200


def test_an_approved_order_is_not_rewritten(office: Client, mug: UUID) -> None:
    order = write(office, mug)
    act(office, "purchaseorder", "approve", order)
    form = {"note": "changed", "lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}
    form |= {"costs-TOTAL_FORMS": "0", "costs-INITIAL_FORMS": "0", "exchange_rate": "7"}
    office.post(f"{ADMIN}/purchaseorder/{order.id}/change/", form)
    order.refresh_from_db()
    assert (order.note, str(order.exchange_rate)) == ("", "1.000000000")
