"""The rules of counting, in plain Python."""
