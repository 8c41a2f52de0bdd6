"""What wires the house; no business logic. Loads Celery so that shared tasks know their broker."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
