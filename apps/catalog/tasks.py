"""The catalog's long work."""

from apps.catalog import services
from ecommerce.jobs import JobContext, job


@job(
    "catalog.import_products",
    started=services.announce_import_started,
    finished=services.announce_import_ended,
)
def import_products(context: JobContext) -> None:
    """Bring a file's products in."""
    services.run_import(context)


@job("catalog.export_products")
def export_products(context: JobContext) -> None:
    """Write all products to a file."""
    services.run_export(context)
