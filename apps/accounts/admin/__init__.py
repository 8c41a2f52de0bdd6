"""The back office of accounts."""
