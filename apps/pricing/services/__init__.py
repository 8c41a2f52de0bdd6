"""What pricing does: prices and their history, tax, promotions and coupons, and the quote."""

from apps.pricing.domain.codes import normal_code
from apps.pricing.services._bulk import load_prices, set_prices
from apps.pricing.services._coupons import (
    disable_coupon,
    get_coupon,
    guessed_families,
    hold_coupons,
    issue_coupon,
    redeem_code,
    redeem_coupons,
    release_coupons,
)
from apps.pricing.services._evaluate import (
    evaluate_items,
    resolve_prices,
    sku_named,
    validate_coupon,
)
from apps.pricing.services._lists import create_price_list, ensure_price_list, get_price_list
from apps.pricing.services._prices import (
    announce_begun_prices,
    change_price,
    create_price,
    retire_price,
)
from apps.pricing.services._promotions import (
    active_promotions,
    create_promotion,
    set_promotion_status,
)
from apps.pricing.services._quote import get_quote, prices_for, quote_cart, replay_quote
from apps.pricing.services._references import check_sku
from apps.pricing.services._taxes import (
    calculate_tax,
    create_tax_rate,
    end_tax_rate,
)

__all__ = [
    "active_promotions",
    "announce_begun_prices",
    "calculate_tax",
    "change_price",
    "check_sku",
    "create_price",
    "create_price_list",
    "create_promotion",
    "create_tax_rate",
    "disable_coupon",
    "end_tax_rate",
    "ensure_price_list",
    "evaluate_items",
    "get_coupon",
    "get_price_list",
    "get_quote",
    "guessed_families",
    "hold_coupons",
    "issue_coupon",
    "load_prices",
    "normal_code",
    "prices_for",
    "quote_cart",
    "redeem_code",
    "redeem_coupons",
    "release_coupons",
    "replay_quote",
    "resolve_prices",
    "retire_price",
    "set_prices",
    "set_promotion_status",
    "sku_named",
    "validate_coupon",
]
