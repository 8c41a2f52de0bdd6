"""Categories that a file names by their path: found, or made."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from apps.catalog.queries.category import tree_of
from apps.catalog.services._categories import create_category
from apps.catalog.types import CategoryFields
from ecommerce.ids import new_id

Path = tuple[str, ...]


class CategoryPaths:
    """The ids of the merchant's categories by their names from the root, read once for an import."""

    def __init__(self, merchant: str, *, dry_run: bool) -> None:
        self._merchant = merchant
        self._dry_run = dry_run
        self._ids: dict[Path, UUID] | None = None

    def forget(self) -> None:
        """Read the tree again: someone changed it."""
        self._ids = None

    def ids_of(self, paths: Collection[Path], *, now: datetime) -> dict[Path, UUID]:
        """The id of each path; what is missing of it is made. Raises CategoryInvalid."""
        if not paths:
            return {}
        known = self._known()
        for path in sorted(paths):
            for depth in range(1, len(path) + 1):
                if path[:depth] not in known:
                    known[path[:depth]] = self._made(path[:depth], known, now)
        return {path: known[path] for path in paths}

    def _known(self) -> dict[Path, UUID]:
        if self._ids is None:
            names: dict[UUID, Path] = {}
            for category in tree_of(self._merchant, None):
                above = names[category.parent_id] if category.parent_id else ()
                names[category.category_id] = (*above, category.name)
            self._ids = {}
            for category_id, path in names.items():
                self._ids.setdefault(path, category_id)
        return self._ids

    def _made(self, path: Path, known: dict[Path, UUID], now: datetime) -> UUID:
        if self._dry_run:
            return new_id()
        made = create_category(
            CategoryFields(name=path[-1]),
            parent_id=known.get(path[:-1]),
            merchant=self._merchant,
            now=now,
        )
        return made.category_id
