"""SQL of inventory. The write path is SQL by hand: one statement, one order of locks (SKU, location)."""
