"""The ways pricing can say no."""

from ecommerce.errors import Conflict, Invalid, NotFound


class PriceMissing(Invalid):
    """Some of the SKUs have no price on this channel in this currency; facts: ``sku_ids``."""

    code = "pricing/price-missing"
    title = "No price"


class NoSuchSku(Invalid):
    """A price is of a SKU that the catalog knows."""

    code = "pricing/no-such-sku"
    title = "No such SKU"


class NotSoldThere(Invalid):
    """No such channel, or it does not sell in that currency."""

    code = "pricing/not-sold-there"
    title = "The shop does not sell that way"


class PriceNotFound(NotFound):
    code = "pricing/price-not-found"
    title = "No such price"


class PriceListNotFound(NotFound):
    code = "pricing/price-list-not-found"
    title = "No such price list"


class PriceOverlap(Conflict):
    """Another price holds in that period; facts: ``overlapping_price_id`` and its period."""

    code = "pricing/price-overlap"
    title = "Another price holds in that period"


class PriceClosed(Conflict):
    """The price has ended or was withdrawn: history is not rewritten."""

    code = "pricing/price-closed"
    title = "That price is history"


class WrongCurrency(Invalid):
    """The price list is in another currency; facts: ``expected``."""

    code = "pricing/wrong-currency"
    title = "Not the currency of the price list"


class PriceListConflict(Conflict):
    code = "pricing/price-list-conflict"
    title = "The price list does not fit the others"


class TaxRateOverlap(Conflict):
    code = "pricing/tax-rate-overlap"
    title = "Another rate holds in that period"


class TaxRateNotFound(NotFound):
    code = "pricing/tax-rate-not-found"
    title = "No such tax rate"


class QuoteNotFound(NotFound):
    code = "pricing/quote-not-found"
    title = "No such quote"


class PromotionInvalid(Invalid):
    code = "pricing/promotion-invalid"
    title = "Not a promotion"


class PromotionConflict(Conflict):
    code = "pricing/promotion-exists"
    title = "There is a promotion of that code"


class PromotionNotFound(NotFound):
    code = "pricing/promotion-not-found"
    title = "No such promotion"


class CouponInvalid(Invalid):
    code = "pricing/coupon-invalid"
    title = "Not a coupon"


class CouponNotFound(NotFound):
    code = "pricing/coupon-not-found"
    title = "No such coupon"


class CouponExists(Conflict):
    code = "pricing/coupon-exists"
    title = "There is a coupon of that code"


class CouponRefused(Conflict):
    """The coupon cannot be used now; facts: ``coupon_codes`` and ``reason``."""

    code = "pricing/coupon-refused"
    title = "The coupon cannot be used"
