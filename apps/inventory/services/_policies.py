"""Say how a SKU is sold beyond its stock, and what it is made up of."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib.postgres.functions import TransactionNow
from django.db import transaction

from apps.inventory.errors import EmptyStockChange, KitOfKits, PolicyChanged, PolicyUnfit
from apps.inventory.events import AvailableUpdated
from apps.inventory.queries import policies, reading
from apps.inventory.types import SetPolicy, StockPolicy
from ecommerce.audit import record as record_audit
from ecommerce.errors import Fault, Invalid
from ecommerce.events import publish
from ecommerce.identity import Viewer

MOST_COMPONENTS = 50


def stock_policy(*, sku_id: UUID) -> StockPolicy:
    """How a SKU is sold; the default, at version 0, where nobody said so."""
    return policies.policy(sku_id)


@transaction.atomic
def set_policy(command: SetPolicy, *, actor: Viewer) -> StockPolicy:
    """Say how a SKU is sold beyond its stock. Repeating it changes nothing but the version.

    Raises Invalid for a window that ends before it begins, PolicyChanged where others changed it since
    ``expected_version``, PolicyUnfit where more is backordered already than the limit allows.
    """
    _refuse_nonsense(command)
    row = policies.hold(command.sku_id)
    if command.expected_version not in (None, row.version):
        raise PolicyChanged(f"the policy is at version {row.version}")
    limit = command.oversell_limit
    if command.oversell == "deny":
        limit = row.backordered
    if limit < row.backordered:
        raise PolicyUnfit(f"{row.backordered} are backordered already", backordered=row.backordered)
    before = policies.as_view(row)
    row.oversell, row.oversell_limit = command.oversell, limit
    row.promised_at, row.lead_days = command.promised_at, command.lead_days
    row.valid_from, row.valid_until = command.valid_from, command.valid_until
    row.safety_buffer = command.safety_buffer
    row.version += 1
    row.updated_at = TransactionNow()
    row.save()
    _record("inventory.policy.set", before, actor, oversell=[before.oversell, command.oversell], limit=[before.oversell_limit, limit])  # fmt: skip
    return policies.policy(command.sku_id)


@transaction.atomic
def set_kit(*, sku_id: UUID, components: Mapping[UUID, int], actor: Viewer) -> StockPolicy:
    """Say what a kit is made up of: units per kit of plain SKUs; of nothing, and it is no kit any more.

    What is reserved keeps what it was made up of then. Raises EmptyStockChange, Invalid for too many
    components, KitOfKits.
    """
    if any(quantity < 1 for quantity in components.values()):
        raise EmptyStockChange("a component is in the kit at least once")
    if len(components) > MOST_COMPONENTS:
        raise Invalid(f"A kit has {MOST_COMPONENTS} components at most.")
    policies.hold_kits()
    if sku_id in components or (components and policies.is_nested(sku_id, components)):
        raise KitOfKits("a component is a kit, or the kit a component")
    row = policies.hold(sku_id)
    before = policies.as_view(row)
    policies.write_components(sku_id, components)
    row.is_kit = bool(components)
    row.version += 1
    row.save(update_fields=["is_kit", "version"])
    _record("inventory.kit.set", before, actor, components=[len(before.components or ()), len(components)])  # fmt: skip
    stock = reading.availability([sku_id])[sku_id]
    publish(AvailableUpdated(sku_id=sku_id, available=stock.available))
    return policies.policy(sku_id)


def _refuse_nonsense(command: SetPolicy) -> None:
    if command.valid_from and command.valid_until and command.valid_until <= command.valid_from:
        detail = "It ends before it begins."
        raise Invalid(detail, faults=[Fault(pointer="/validUntil", detail=detail)])
    if command.oversell_limit < 0 or command.safety_buffer < 0 or (command.lead_days or 0) < 0:
        raise EmptyStockChange("limits, buffers and lead times are not negative")
    if command.oversell == "preorder" and command.promised_at is None:
        detail = "A preorder has a day of release."
        raise Invalid(detail, faults=[Fault(pointer="/promisedAt", detail=detail)])


def _record(action: str, before: StockPolicy, actor: Viewer, **changes: list[object]) -> None:
    record_audit(
        action=action,
        entity_type="stock_policy",
        entity_id=str(before.sku_id),
        actor=actor,
        changes=changes,
    )
