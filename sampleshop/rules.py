"""What the sample shop charges and grants: taxes, promotions, and who works and buys there."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.accounts import services as accounts
from apps.accounts.types import PostalAddress, Register, User
from apps.pricing import services as pricing
from apps.pricing.types import CreatePromotion, CreateTaxRate, IssueCoupon
from apps.pricing.types.promotions import FIXED, PERCENTAGE
from ecommerce.identity import ADMIN, MERCHANDISER, OPERATOR, SELLER, SYSTEM
from sampleshop import content
from sampleshop.history import Buyer

PASSWORD = "sample-shop-2026"  # noqa: S105 - printed at the start: a demo's password, never a shop's
STAFF = {
    "admin@shop.example": (ADMIN,),
    "operator@shop.example": (OPERATOR,),
    "merchandiser@shop.example": (MERCHANDISER,),
    "seller@shop.example": (SELLER,),
}


def set_taxes(*, now: datetime) -> None:
    """Standard and reduced value added tax of each country that is shipped to."""
    for country in content.shop()["taxes"]:
        for tax_class in ("standard", "reduced"):
            rate = Decimal(country[tax_class]) * 100
            pricing.create_tax_rate(
                CreateTaxRate(
                    country=country["country"],
                    tax_class=tax_class,
                    rate=rate,
                    name=f"{country['country']} VAT {rate.normalize():f} %",
                ),
                now=now,
            )


def set_promotions(categories: Mapping[str, UUID], *, now: datetime) -> None:
    """A category's discount, one for large orders, and one behind a coupon."""
    for number, one in enumerate(content.shop()["promotions"]):
        category = categories.get(one.get("category", ""))
        promotion = pricing.create_promotion(
            CreatePromotion(
                code=one["code"],
                name=one["name"],
                effect=PERCENTAGE if "percent" in one else FIXED,
                percent=Decimal(one.get("percent", 0)),
                amount_minor=one.get("amount_minor", 0),
                currency="EUR" if "amount_minor" in one else "",
                min_subtotal_minor=one.get("min_subtotal_minor", 0),
                category_ids=(category,) if category else (),
                needs_coupon="coupon" in one,
                priority=100 - number,
            ),
            now=now,
        )
        if "coupon" in one:
            pricing.issue_coupon(
                IssueCoupon(
                    code=one["coupon"],
                    promotion_id=promotion.id,
                    usage_limit=1000,
                    per_customer_limit=1,
                ),
                now=now,
            )


def hire_staff(*, now: datetime) -> None:
    """One account for each role, all with the demo's password."""
    for email, roles in STAFF.items():
        name = email.partition("@")[0].capitalize()
        user = _register(email, name, "Sample", "en", now=now)
        accounts.assign_roles(
            user_id=user.id,
            roles=roles,
            seller="house" if SELLER in roles else None,
            viewer=SYSTEM,
            now=now,
        )


def invite_customers(*, now: datetime) -> list[Buyer]:
    """Customers, each with an address in the book, and a guest without an account."""
    return [_invite(one, now=now) for one in content.shop()["customers"]]


def _invite(one: Mapping[str, Any], *, now: datetime) -> Buyer:
    first, last = one["name"]
    place = {name: one.get(name, "") for name in ("city", "region", "postal_code", "country")}
    user_id = None
    if "guest" not in one:
        user_id = _register(one["email"], first, last, one["locale"], now=now).id
        address = PostalAddress(
            label="Home", first_name=first, last_name=last, line1=one["street"], **place
        )
        accounts.add_address(user_id=user_id, address=address, now=now)
    return Buyer(
        user_id=user_id,
        name=f"{first} {last}",
        email=one["email"],
        locale=one["locale"],
        currency=one.get("currency", "EUR"),
        line1=one["street"],
        **place,
    )


def _register(email: str, first: str, last: str, locale: str, *, now: datetime) -> User:
    command = Register(
        email=email, password=PASSWORD, first_name=first, last_name=last, locale=locale
    )
    return accounts.register(command, now=now)
