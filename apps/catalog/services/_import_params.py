"""How a product file is to be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportParams:
    """How a file is to be read and where its products go."""

    import_id: UUID
    format: str
    currency: str
    dry_run: bool
    mapping: Mapping[str, str]
    delimiter: str
    quote: str
    merchant: str
    seller: str
    channel: str
    location: str
