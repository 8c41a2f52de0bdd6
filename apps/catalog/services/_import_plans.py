"""A batch's products planned one after another, against what the catalog was found to have."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.catalog.domain.category import path_fault
from apps.catalog.domain.importing.incoming import Incoming, RowFault
from apps.catalog.domain.importing.plan import Plan, plan_product
from apps.catalog.domain.importing.plan_skus import Ground
from apps.catalog.errors import SkuCodeTaken, SlugTaken
from apps.catalog.queries import importing
from apps.catalog.queries.product import products_by_id
from apps.catalog.services._import_categories import CategoryPaths, Path
from apps.catalog.services._import_params import ImportParams
from apps.catalog.services._import_slugs import new_slugs
from apps.catalog.services._sellers import seller_faults, unknown_sellers
from apps.catalog.types import Product
from ecommerce.errors import Fault
from ecommerce.ids import new_id


class Known:
    """What the catalog has of a batch, by each name that a file may call it."""

    def __init__(self, products: Iterable[Product]) -> None:
        self.by_slug: dict[str, Product] = {}
        self.by_external_id: dict[str, Product] = {}
        self.owner_of_code: dict[str, Product] = {}
        self.told: set[UUID] = set()
        for product in products:
            self._name(product)

    def claim(self, product: Product) -> None:
        """The file has told of it: from here on its slug, external id and codes are taken."""
        self.told.add(product.product_id)
        self._name(product)

    def _name(self, product: Product) -> None:
        self.by_slug[product.slug] = product
        if product.external_id:
            self.by_external_id[product.external_id] = product
        for sku in product.skus:
            self.owner_of_code[sku.code] = product

    def product_of(self, incoming: Incoming) -> Product | None:
        """By external id, then slug; by the first SKU's code where the file tells neither."""
        if incoming.external_id and incoming.external_id in self.by_external_id:
            return self.by_external_id[incoming.external_id]
        if incoming.slug:
            found = self.by_slug.get(incoming.slug)
            return found if found is None or _compatible(found, incoming) else None
        if incoming.external_id or not incoming.skus:
            return None
        return self.owner_of_code.get(incoming.skus[0].code)

    def conflicts(self, after: Product) -> Iterator[Fault]:
        """Which of its names other products have."""
        holder = self.by_slug.get(after.slug)
        if holder is not None and holder.product_id != after.product_id:
            detail = "another product has this slug"
            yield Fault(pointer="/slug", detail=detail, code=SlugTaken.code)
        for sku in after.skus:
            owner = self.owner_of_code.get(sku.code)
            if owner is not None and owner.product_id != after.product_id:
                detail = f"SKU {sku.code} belongs to the product {owner.slug}"
                yield Fault(pointer="/code", detail=detail, code=SkuCodeTaken.code)


def _compatible(found: Product, incoming: Incoming) -> bool:
    """Two external ids are two products, whatever their slugs."""
    return not (incoming.external_id and found.external_id) or (
        found.external_id == incoming.external_id
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """All that planning a batch needs of the database."""

    known: Known
    category_ids: Mapping[Path, UUID]
    impossible: Collection[Path]
    """Category paths that cannot be."""
    slugs: Mapping[str, str]
    """Of new products, by their keys."""
    nobodies: Collection[str]
    """Sellers that there are not."""
    ground: Ground


def find(
    batch: Sequence[Incoming], params: ImportParams, paths: CategoryPaths, now: datetime
) -> Found:
    """Look up what a batch speaks of; products that are there are held until the transaction ends."""
    impossible = _impossible_paths(batch)
    sound = [item for item in batch if not item.faults and impossible.isdisjoint(_paths(item))]
    category_ids = paths.ids_of({path for item in sound for path in _paths(item)}, now=now)
    known = _known(batch, params.merchant)
    bare = [item for item in sound if not item.slug and known.product_of(item) is None]
    sellers = {params.seller, *(item.told["seller"] for item in batch if "seller" in item.told)}
    return Found(
        known=known,
        category_ids=category_ids,
        impossible=impossible,
        slugs=new_slugs(bare, {item.slug for item in sound}, params.merchant),
        nobodies=unknown_sellers(sellers),
        ground=Ground(merchant=params.merchant, seller=params.seller, now=now, new_id=new_id),
    )


def planned(batch: Iterable[Incoming], found: Found, refused: list[RowFault]) -> Iterator[Plan]:
    """The plans of those without faults; the faults of the others go into ``refused``. Asks the database nothing."""
    for incoming in batch:
        before = found.known.product_of(incoming)
        plan, faults = plan_product(
            incoming,
            before,
            category_ids=_ids(incoming, found.category_ids),
            slug=found.slugs.get(incoming.key, ""),
            ground=found.ground,
        )
        if found.impossible:
            faults.add(_path_faults(incoming, found.impossible))
        faults.add(_naming_faults(incoming, before, found.known))
        if found.nobodies:
            faults.add(seller_faults(plan.after.seller, found.nobodies))
        faults.add(found.known.conflicts(plan.after))
        if faults.found:
            refused += faults.found
        else:
            found.known.claim(plan.after)
            yield plan


def _paths(incoming: Incoming) -> tuple[Path, ...]:
    return incoming.category_paths or ()


def _impossible_paths(batch: Sequence[Incoming]) -> set[Path]:
    return {path for path in {p for item in batch for p in _paths(item)} if path_fault(path)}


def _path_faults(incoming: Incoming, impossible: Collection[Path]) -> Iterator[Fault]:
    for path in _paths(incoming):
        if path in impossible:
            yield Fault(pointer="/categories", detail=path_fault(path), code="category")


def _ids(incoming: Incoming, category_ids: Mapping[Path, UUID]) -> tuple[UUID, ...] | None:
    if incoming.category_paths is None:
        return None
    return tuple(category_ids[path] for path in incoming.category_paths if path in category_ids)


def _naming_faults(incoming: Incoming, before: Product | None, known: Known) -> Iterator[Fault]:
    """Each product must be known again the next time, and be told once at a time."""
    if before is not None:
        if before.product_id in known.told:
            detail = "the file tells of this product under two names"
            yield Fault(pointer="", detail=detail, code="duplicate")
    elif not (incoming.faults or incoming.is_named):
        detail = "needs a slug, an external id or a SKU code"
        yield Fault(pointer="", detail=detail, code="identity")


def _known(batch: Sequence[Incoming], merchant: str) -> Known:
    ids = importing.lock_products(
        merchant,
        slugs=_possible(item.slug for item in batch),
        external_ids=_possible(item.external_id for item in batch),
        codes=_possible(sku.code for item in batch for sku in item.skus),
    )
    return Known(products_by_id(ids).values())


def _possible(names: Iterable[str | None]) -> set[str]:
    """Without those that the database cannot keep, nor be asked for: their rows are refused."""
    return {name for name in names if name and "\x00" not in name}
