"""The statements of the cart. Each door of the hot path is one."""
