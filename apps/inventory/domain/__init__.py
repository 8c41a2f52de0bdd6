"""Rules of stock, in plain Python."""
