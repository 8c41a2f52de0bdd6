"""The systems outside that inventory speaks to."""
