"""A buyer in the back office: an order is written, sent, received with a difference, and settled."""

from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from apps.catalog import services as catalog
from apps.catalog.types import ProductFields, SkuFields
from apps.inventory import services
from apps.inventory.models import (
    Discrepancy,
    Inbound,
    Location,
    PurchaseOrder,
    StockLevel,
    Supplier,
)
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


def draft_form() -> dict[str, str]:
    """What a buyer types: five mugs at a euro, half a euro's freight."""
    return {
        "supplier": str(Supplier.objects.get().id),
        "location": str(Location.objects.get(code="main").id),
        "exchange_rate": "1",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-sku_id": "MUG",
        "lines-0-ordered": "5",
        "lines-0-unit_cost_minor": "1.00",
        "costs-TOTAL_FORMS": "1",
        "costs-INITIAL_FORMS": "0",
        "costs-0-kind": "freight",
        "costs-0-amount_minor": "0.50",
        "costs-0-split": "value",
    }


def write(office: Client) -> PurchaseOrder:
    answer = office.post(f"{ADMIN}/purchaseorder/add/", draft_form())
    assert answer.status_code == 302, answer.context["errors"]
    return PurchaseOrder.objects.get()


def act(office: Client, page: str, verb: str, row: object) -> None:
    answer = office.post(
        f"{ADMIN}/{page}/",
        {"action": verb, "_selected_action": [str(row.id)]},  # type: ignore[attr-defined]
    )
    assert answer.status_code == 302


def test_an_order_is_written_sent_received_and_settled(office: Client, mug: UUID) -> None:
    order = write(office)
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
    order = write(office)
    act(office, "purchaseorder", "approve", order)
    form = {"note": "changed", "lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}
    form |= {"costs-TOTAL_FORMS": "0", "costs-INITIAL_FORMS": "0", "exchange_rate": "7"}
    office.post(f"{ADMIN}/purchaseorder/{order.id}/change/", form)
    order.refresh_from_db()
    assert (order.note, str(order.exchange_rate)) == ("", "1.000000000")


def test_lines_are_typed_in_codes_and_major_units(office: Client, mug: UUID) -> None:
    order = write(office)
    line, cost = order.lines.get(), order.costs.get()
    assert (line.sku_id, line.position, line.unit_cost_minor) == (mug, 1, 100)
    assert cost.amount_minor == 50
    shown = office.get(f"{ADMIN}/purchaseorder/{order.id}/change/").content.decode()
    assert 'value="MUG"' in shown
    assert 'value="1.00"' in shown


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [("sku_id", "NIL", "no SKU"), ("unit_cost_minor", "1.005", "more decimals than EUR has")],
)
def test_what_cannot_be_ordered_is_said(
    office: Client, mug: UUID, field: str, typed: str, told: str
) -> None:
    form = draft_form() | {f"lines-0-{field}": typed}
    answer = office.post(f"{ADMIN}/purchaseorder/add/", form)
    assert told in answer.content.decode()
    assert not PurchaseOrder.objects.exists()


def test_buttons_ask_first_and_are_there_while_they_can_be_pressed(
    office: Client, mug: UUID
) -> None:
    order = write(office)
    page = f"{ADMIN}/purchaseorder/{order.id}"
    assert "/approve_it/" in office.get(f"{page}/change/").content.decode()
    office.get(f"{page}/approve_it/")
    order.refresh_from_db()
    assert order.state == "DRAFT", "looking at the dialog changes nothing"

    office.post(f"{page}/approve_it/", {"_form_submitted": "on"})
    order.refresh_from_db()
    assert order.state == "APPROVED"
    shown = office.get(f"{page}/change/").content.decode()
    assert "/approve_it/" not in shown
    assert "/send_it/" in shown
    assert office.post(f"{page}/approve_it/", {"_form_submitted": "on"}).status_code == 403


def test_broken_units_are_kept_or_sent_back_as_was_chosen(office: Client, mug: UUID) -> None:
    order = write(office)
    for verb in ("approve", "send", "announce"):
        act(office, "purchaseorder", verb, order)
    inbound = Inbound.objects.get()
    told = {"_form_submitted": "on", "key": "one", f"good_{mug}": "2", f"broken_{mug}": "3"}
    office.post(f"{ADMIN}/inbound/{inbound.id}/receive/", told)
    broken = Discrepancy.objects.get(kind="DAMAGED")
    page = f"{ADMIN}/discrepancy/{broken.id}"
    assert "kept among what is damaged" in office.get(f"{page}/accept_it/").content.decode()

    sent = {"_form_submitted": "on", "credit_minor": "2.00", "disposal": "keep"}
    office.post(f"{page}/credit_it/", sent)

    broken.refresh_from_db()
    assert (broken.state, broken.disposal, broken.credit_minor) == ("CREDITED", "keep", 200)
    assert StockLevel.objects.get(sku_id=mug).damaged == 3
