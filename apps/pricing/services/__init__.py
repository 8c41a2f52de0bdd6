"""What pricing does."""

from apps.pricing.services._quote import get_quote, prices_for, quote_cart, replay_quote

__all__ = ["get_quote", "prices_for", "quote_cart", "replay_quote"]
