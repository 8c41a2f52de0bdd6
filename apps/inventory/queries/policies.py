"""Policies, kits and modes of counting: read, and written under the right locks."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import connection

from apps.inventory.models import KitComponent, StockPolicy
from apps.inventory.types import StockPolicy as PolicyView

_KITS_LOCK = "SELECT pg_advisory_xact_lock(hashtext('inventory_kitcomponent'))"


def policy(sku_id: UUID) -> PolicyView:
    """A SKU's policy; the one that holds for all where it has none of its own."""
    row = StockPolicy.objects.filter(sku_id=sku_id).first()
    return PolicyView(sku_id=sku_id) if row is None else as_view(row)


def as_view(row: StockPolicy) -> PolicyView:
    """A policy's row with the components of a kit."""
    return PolicyView(
        sku_id=row.sku_id,
        oversell=row.oversell,  # type: ignore[arg-type]  # the column has the same choices
        oversell_limit=row.oversell_limit,
        backordered=row.backordered,
        promised_at=row.promised_at,
        lead_days=row.lead_days,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        safety_buffer=row.safety_buffer,
        counting=row.counting,  # type: ignore[arg-type]  # likewise
        counting_automatic=row.counting_automatic,
        components=components(row.sku_id) if row.is_kit else None,
        version=row.version,
    )


def hold(sku_id: UUID) -> StockPolicy:
    """A SKU's row, made if it is not there, and locked."""
    StockPolicy.objects.bulk_create([StockPolicy(sku_id=sku_id)], ignore_conflicts=True)
    return StockPolicy.objects.select_for_update().get(sku_id=sku_id)


def components(kit: UUID) -> dict[UUID, int]:
    """What a kit is made up of: units per kit."""
    rows = KitComponent.objects.filter(kit_sku_id=kit).order_by("component_sku_id")
    return dict(rows.values_list("component_sku_id", "quantity"))


def hold_kits() -> None:
    """One writer of kits at a time, as the trigger has it too."""
    with connection.cursor() as cursor:
        cursor.execute(_KITS_LOCK)


def is_nested(kit: UUID, parts: Collection[UUID]) -> bool:
    """Would this be a kit of kits?"""
    made_of_kits = KitComponent.objects.filter(kit_sku_id__in=parts).exists()
    return made_of_kits or KitComponent.objects.filter(component_sku_id=kit).exists()


def write_components(kit: UUID, parts: Mapping[UUID, int]) -> None:
    """Replace what a kit is made up of."""
    KitComponent.objects.filter(kit_sku_id=kit).delete()
    KitComponent.objects.bulk_create(
        KitComponent(kit_sku_id=kit, component_sku_id=sku_id, quantity=quantity)
        for sku_id, quantity in sorted(parts.items())
    )


def kits_with(sku_ids: Collection[UUID]) -> list[UUID]:
    """The kits that have one of these among their components."""
    found = KitComponent.objects.filter(component_sku_id__in=sku_ids)
    return list(found.values_list("kit_sku_id", flat=True).distinct().order_by("kit_sku_id"))


def hot() -> list[StockPolicy]:
    """The SKUs that are not counted plainly."""
    return list(StockPolicy.objects.exclude(counting="plain").order_by("sku_id"))


def note_announced(announced: Mapping[UUID, int]) -> None:
    """Remember what was told last of hot SKUs."""
    for sku_id, available in sorted(announced.items()):
        StockPolicy.objects.filter(sku_id=sku_id).update(announced=available)
