"""Rules of money taken and given back, in plain Python."""
