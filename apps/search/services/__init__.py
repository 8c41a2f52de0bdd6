"""What search does for others."""

from apps.search.services._browse import product_page, search_products, suggest
from apps.search.services._project import apply_changes, turn_prices

__all__ = ["apply_changes", "product_page", "search_products", "suggest", "turn_prices"]
