"""The catalog's rules, as plain Python."""
