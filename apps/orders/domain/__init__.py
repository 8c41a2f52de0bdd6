"""The rules of an order's life, in plain Python."""
