"""Small builders for the cart's tests: things for sale, with a price and stock."""

from datetime import UTC, datetime
from uuid import UUID

from apps.catalog import services as catalog
