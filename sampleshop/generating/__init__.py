"""A shop of any size out of a seed: the same seed makes the same ids, slugs and prices."""
