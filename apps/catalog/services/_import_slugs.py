"""Slugs for an import's new products that come without one."""

from collections.abc import Collection, Mapping, Sequence

from apps.catalog.domain.importing.incoming import Incoming
from apps.catalog.domain.slug import free_slug, slug_of
from apps.catalog.queries import importing


def new_slugs(bare: Sequence[Incoming], named: Collection[str], merchant: str) -> dict[str, str]:
    """A free slug for each of these products, by their keys; the slugs ``named`` in the file are others'."""
    stems = {item.key: slug_of(str(item.told.get("title", ""))) or "product" for item in bare}
    taken = set(named)
    taken |= importing.taken_slugs(merchant, set(stems.values()) - taken)
    longer = _longer_slugs(bare, stems, taken)
    taken |= importing.taken_slugs(merchant, set(longer.values()) - taken)
    slugs: dict[str, str] = {}
    for key, stem in stems.items():
        slug = free_slug(longer.get(key, stem), taken)
        taken.add(slug)
        slugs[key] = slug
    return slugs


def _longer_slugs(
    bare: Sequence[Incoming], stems: Mapping[str, str], taken: Collection[str]
) -> dict[str, str]:
    """For those whose stem another product has, or one before them in the batch: it and their own name."""
    longer: dict[str, str] = {}
    gone = set(taken)
    for item in bare:
        stem = stems[item.key]
        if stem in gone:
            longer[item.key] = f"{stem}-{slug_of(_name_of(item))}".strip("-")
        gone |= {stem, longer.get(item.key, stem)}
    return longer


def _name_of(incoming: Incoming) -> str:
    return incoming.external_id or (incoming.skus[0].code if incoming.skus else "")
