"""Measures each hot path beside its floor, on one machine in one run: ``scripts/bench``."""
