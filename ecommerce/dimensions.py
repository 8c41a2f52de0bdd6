"""The default row of each dimension that is dear to add later."""

MERCHANT = "default"
CHANNEL = "web"
SELLER = "house"
LOCATION = "main"
LOCALE = "en"
CURRENCY = "EUR"
