"""The rules of product information, as plain Python."""
