"""One batch of an import: planned against what is there, written in a few statements, told at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from apps.catalog.domain.importing.incoming import Faults, Incoming, RowFault
from apps.catalog.domain.importing.plan import Plan
from apps.catalog.queries import importing
from apps.catalog.queries.loading import copy_offers, copy_products, copy_skus
from apps.catalog.services._constraints import constraint_of
from apps.catalog.services._import_categories import CategoryPaths
from apps.catalog.services._import_events import events_of, offer_news
from apps.catalog.services._import_params import ImportParams
from apps.catalog.services._import_plans import find, planned
from ecommerce.events import publish_many


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
    outcome = Outcome()
    plans = planned(batch, find(batch, params, paths, now), outcome.faults)
    outcome.plans += plans if params.dry_run else _written(plans, params)
    return outcome


def _written(plans: Iterable[Plan], params: ImportParams) -> list[Plan]:
    """Write them and tell of it. A product is planned while the database stores those before it."""
    done: list[Plan] = []
    copy_products(plan.after for plan in _noted(plans, done) if plan.before is None)
    new = [plan for plan in done if plan.before is None]
    copy_skus([plan.after for plan in new])
    changed = [plan for plan in done if plan.before is not None and plan.changes]
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
    again = offer_news([plan for plan in done if plan.before is not None], params)
    importing.remember_offers([stored for stored, _ in again], params.import_id)
    facts = [fact for plan in done if plan.changes for fact in events_of(plan)]
    publish_many([*facts, *(fact for _, fact in (*first, *again))])
    return done


def _noted(plans: Iterable[Plan], done: list[Plan]) -> Iterator[Plan]:
    """The plans as they come, each kept in ``done``."""
    for plan in plans:
        done.append(plan)
        yield plan


def _faults_of(incoming: Incoming, error: IntegrityError) -> list[RowFault]:
    name = constraint_of(error)
    faults = Faults(incoming.row, incoming.last_row)
    faults.note("", f"the database refuses it: {name}", f"catalog/{name}")
    return faults.found
