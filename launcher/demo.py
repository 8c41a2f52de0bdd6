"""Who one can be in the sample shop. A demo's accounts: they exist nowhere else."""

ADMIN = "admin@shop.example"
OPERATOR = "operator@shop.example"
MERCHANDISER = "merchandiser@shop.example"
CUSTOMER = "ada@shop.example"
PASSWORD = "sample-shop-2026"
