"""Starts the shop and what it stands on, on one machine. Imports no Django: it starts what does."""
