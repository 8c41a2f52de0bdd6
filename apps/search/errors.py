"""The ways in which search says no."""

from ecommerce.errors import Invalid, NotFound


class ProductNotOnSale(NotFound):
    code = "search/product-not-found"
    title = "No such product in this shop"


class UnknownSort(Invalid):
    code = "search/unknown-sort"
    title = "There is no such order"
