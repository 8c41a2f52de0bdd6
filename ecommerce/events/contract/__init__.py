"""The contract of the events: an AsyncAPI 3 document, and what may change in it."""

from ecommerce.events.contract._compatibility import incompatibilities
from ecommerce.events.contract._document import asyncapi_document

__all__ = ["asyncapi_document", "incompatibilities"]
