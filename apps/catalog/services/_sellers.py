"""Whose a product may be: someone whom accounts knows, who then sees it among their own."""

from collections.abc import Collection, Iterator

from apps.accounts.services import find_sellers
from ecommerce.dimensions import SELLER
from ecommerce.errors import Fault


def unknown_sellers(codes: Collection[str]) -> set[str]:
    """Those of the codes that are nobody's; one statement, none where all are the house itself."""
    others = set(codes) - {SELLER}
    possible = {code for code in others if "\x00" not in code}  # the database knows no other texts
    return others - find_sellers(codes=possible).keys() if possible else others


def seller_faults(seller: str, unknown: Collection[str]) -> Iterator[Fault]:
    """What is wrong with a product of this seller."""
    if seller in unknown:
        detail = f"{seller[:40]!r} is no seller of this shop"
        yield Fault(pointer="/seller", detail=detail, code="catalog/unknown-seller")
