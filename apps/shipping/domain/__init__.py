"""The rules of parcels, in plain Python."""
