"""The rules of the cart: pure functions over plain data."""
