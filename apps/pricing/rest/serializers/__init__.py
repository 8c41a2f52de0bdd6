"""The JSON of pricing."""
