"""The ledger's parts, one a month."""

from ecommerce.monthly import MonthlyTable

LEDGER = MonthlyTable(name="inventory_stockmovement", column="created_at", guard_truncate=True)
