"""One batch of an import: planned against what is there, written in a few statements, told at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.catalog.domain.category import path_fault
from apps.catalog.domain.importing.incoming import Faults, Incoming, RowFault
from apps.catalog.domain.importing.plan import Plan, plan_product
from apps.catalog.domain.importing.plan_skus import Ground
from apps.catalog.domain.slug import free_slug, slug_of
from apps.catalog.errors import SkuCodeTaken, SlugTaken
from apps.catalog.queries import importing
from apps.catalog.queries.loading import copy_offers, copy_products
from apps.catalog.queries.product import products_by_id
from apps.catalog.services._constraints import constraint_of
from apps.catalog.services._import_categories import CategoryPaths, Path
from apps.catalog.services._import_events import events_of, offer_news
from apps.catalog.services._sellers import seller_faults, unknown_sellers
from apps.catalog.types import Product
from ecommerce.errors import Fault
from ecommerce.events import publish_many
from ecommerce.ids import new_id


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


@dataclass(kw_only=True, slots=True)
class Counts:
    """How many products of a file were what."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0

    def add(self, outcome: "Outcome") -> None:
        """Count a batch's outcome in."""
        for plan in outcome.plans:
            if plan.before is None:
                self.created += 1
            elif plan.changes:
                self.updated += 1
            else:
                self.unchanged += 1
        self.refused += len({fault.last_row for fault in outcome.faults})


@dataclass(kw_only=True, slots=True)
class Outcome:
    """What became of the products of a batch."""

    plans: list[Plan] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        """That of products behind these."""
        self.plans += other.plans
        self.faults += other.faults


@transaction.atomic
def apply_batch(
    batch: Sequence[Incoming], params: ImportParams, paths: CategoryPaths, now: datetime
) -> Outcome:
    """Bring the products in; whatever the database itself refuses is refused alone."""
    try:
        with transaction.atomic():
            return _apply(batch, params, paths, now)
    except IntegrityError as error:
        if len(batch) == 1:
            return Outcome(faults=_faults_of(batch[0], error))
    paths.forget()
    half = len(batch) // 2
    outcome = apply_batch(batch[:half], params, paths, now)
    outcome.add(apply_batch(batch[half:], params, paths, now))
    return outcome


def _apply(
    batch: Sequence[Incoming], params: ImportParams, paths: CategoryPaths, now: datetime
) -> Outcome:
    outcome = _plan(batch, params, paths, now)
    if not params.dry_run:
        _write(outcome.plans, params)
    return outcome


def _plan(
    batch: Sequence[Incoming], params: ImportParams, paths: CategoryPaths, now: datetime
) -> Outcome:
    outcome = Outcome()
    impossible = _impossible_paths(batch)
    sound = [item for item in batch if not item.faults and impossible.isdisjoint(_paths(item))]
    category_ids = paths.ids_of({path for item in sound for path in _paths(item)}, now=now)
    known = _known(batch, params.merchant)
    slugs = _new_slugs(sound, known, params.merchant)
    nobodies = unknown_sellers(
        {params.seller, *(item.told["seller"] for item in batch if "seller" in item.told)}
    )
    ground = Ground(merchant=params.merchant, seller=params.seller, now=now, new_id=new_id)
    for incoming in batch:
        before = known.product_of(incoming)
        plan, faults = plan_product(
            incoming,
            before,
            category_ids=_ids(incoming, category_ids),
            slug=slugs.get(incoming.key, ""),
            ground=ground,
        )
        if impossible:
            faults.add(_path_faults(incoming, impossible))
        faults.add(_naming_faults(incoming, before, known))
        if nobodies:
            faults.add(seller_faults(plan.after.seller, nobodies))
        faults.add(known.conflicts(plan.after))
        if faults.found:
            outcome.faults += faults.found
        else:
            known.claim(plan.after)
            outcome.plans.append(plan)
    return outcome


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


def _naming_faults(incoming: Incoming, before: Product | None, known: "_Known") -> Iterator[Fault]:
    """Each product must be known again the next time, and be told once at a time."""
    if before is not None:
        if before.product_id in known.told:
            detail = "the file tells of this product under two names"
            yield Fault(pointer="", detail=detail, code="duplicate")
    elif not (incoming.faults or incoming.is_named):
        detail = "needs a slug, an external id or a SKU code"
        yield Fault(pointer="", detail=detail, code="identity")


class _Known:
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


def _known(batch: Sequence[Incoming], merchant: str) -> _Known:
    ids = importing.lock_products(
        merchant,
        slugs={item.slug for item in batch if item.slug},
        external_ids={item.external_id for item in batch if item.external_id},
        codes={sku.code for item in batch for sku in item.skus if sku.code},
    )
    return _Known(products_by_id(ids).values())


def _new_slugs(batch: Sequence[Incoming], known: _Known, merchant: str) -> dict[str, str]:
    """A free slug for each product that is new and comes without one."""
    bare = [item for item in batch if not item.slug and known.product_of(item) is None]
    stems = {item.key: slug_of(str(item.told.get("title", ""))) or "product" for item in bare}
    taken = {item.slug for item in batch}
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


def _write(plans: Collection[Plan], params: ImportParams) -> None:
    new = [plan for plan in plans if plan.before is None]
    copy_products([plan.after for plan in new])
    changed = [plan for plan in plans if plan.before is not None and plan.changes]
    importing.merge_products([plan.after for plan in changed])
    importing.merge_skus(
        [
            sku
            for plan in changed
            for sku in (*plan.new_skus, *(touched for touched, _ in plan.changed_skus))
        ]
    )
    importing.set_memberships([plan.after for plan in changed if "category_ids" in plan.changes])
    first = offer_news(new, params)
    copy_offers([stored for stored, _ in first], params.import_id)
    again = offer_news([plan for plan in plans if plan.before is not None], params)
    importing.remember_offers([stored for stored, _ in again], params.import_id)
    facts = [fact for plan in plans if plan.changes for fact in events_of(plan)]
    publish_many([*facts, *(fact for _, fact in (*first, *again))])


def _faults_of(incoming: Incoming, error: IntegrityError) -> list[RowFault]:
    name = constraint_of(error)
    faults = Faults(incoming.row, incoming.last_row)
    faults.note("", f"the database refuses it: {name}", f"catalog/{name}")
    return faults.found
