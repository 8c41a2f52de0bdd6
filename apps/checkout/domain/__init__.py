"""The rules of a purchase in progress, in plain Python."""
