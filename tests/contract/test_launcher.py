"""The launcher knows the shop by its API alone; what it has to know besides is what the shop says."""

from ecommerce.jobs.types import FINISHED as JOBS_FINISHED
from launcher import demo
from launcher.importing import FINISHED
from sampleshop import rules


def test_a_job_that_is_finished_is_known_to_be() -> None:
    assert set(FINISHED) == JOBS_FINISHED


def test_the_people_that_are_offered_exist_in_the_sample_shop() -> None:
    assert rules.PASSWORD == demo.PASSWORD
    assert {demo.ADMIN, demo.OPERATOR, demo.MERCHANDISER} <= set(rules.STAFF)
