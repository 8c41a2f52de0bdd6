"""The back office of carts."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from apps.cart import services
from apps.cart.models import Cart
from apps.cart.tests.factories import NOW, cart_of, customer, for_sale

pytestmark = pytest.mark.django_db


def test_carts_are_looked_at_and_unlocked(client: Client) -> None:
    user = get_user_model()(email="o@example.com", roles=["operator"])
    user.save()
    client.force_login(user, backend="apps.accounts.admin.login.GuardedLogin")
    buyer = customer()
    cart = cart_of(buyer, mug=(for_sale("MUG"), 2))
    services.lock_cart(cart_id=cart.id, viewer=buyer, now=NOW)

    assert client.get("/admin/cart/cart/").status_code == 200
    assert "The MUG" in client.get(f"/admin/cart/cart/{cart.id}/change/").content.decode()
    assert client.get("/admin/cart/cart/add/").status_code == 403
    client.post("/admin/cart/cart/", {"action": "unlock", "_selected_action": [str(cart.id)]})

    assert Cart.objects.get().status == "open"
