"""SQL of the storefront: writing the read model, and reading it in one statement each."""
