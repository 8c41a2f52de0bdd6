"""Going through the shelves: start a count, note what is there, decide on the differences, book them."""

from apps.inventory.services.counting._apply import apply_count, cancel_count
from apps.inventory.services.counting._read import abc_classes, get_count
from apps.inventory.services.counting._review import decide_count, review_count
from apps.inventory.services.counting._start import note_counts, start_count

__all__ = [
    "abc_classes",
    "apply_count",
    "cancel_count",
    "decide_count",
    "get_count",
    "note_counts",
    "review_count",
    "start_count",
]
