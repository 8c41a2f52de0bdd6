"""Identifiers sort by the time they were made."""

from ecommerce.ids import new_id


def test_ids_are_version_7_and_sort_by_time() -> None:
    made = [new_id() for _ in range(1000)]

    assert {one.version for one in made} == {7}
    assert made == sorted(made)
    assert len(set(made)) == 1000
