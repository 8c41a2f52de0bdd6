"""The ways in which product information says no."""

from ecommerce.errors import Conflict, Invalid, NotFound, StaleVersion, VersionRequired


class ContentNotFound(NotFound):
    code = "pim/content-not-found"
    title = "There are no such texts"


class ContentInvalid(Invalid):
    code = "pim/content-invalid"
    title = "The texts cannot be stored like this"


class ContentChanged(StaleVersion):
    code = "pim/content-changed"


class ContentVersionRequired(VersionRequired):
    code = "pim/content-version-required"


class NothingToPublish(Conflict):
    code = "pim/nothing-to-publish"
    title = "All texts are empty"
