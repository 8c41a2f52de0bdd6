"""What inventory asks of others than PostgreSQL."""
