"""ABC analysis: few SKUs make most of what is sold, and are counted most often."""

from datetime import timedelta

A_SHARE, B_SHARE = 0.80, 0.95
"""The SKUs that make the first 80 % of units shipped are A, those up to 95 % B, the rest C
(the usual cuts of ABC analysis; Silver, Pyke, Thomas: Inventory and Production Management, ch. 2)."""
HISTORY = timedelta(days=365)
COUNT_EVERY = {"A": timedelta(days=30), "B": timedelta(days=90), "C": timedelta(days=365)}
"""How often a SKU of a class is due in a cyclic count."""
