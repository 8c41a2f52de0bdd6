"""The rules of pricing: pure functions over plain data."""
