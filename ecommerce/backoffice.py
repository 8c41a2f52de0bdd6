"""What every room's admin needs."""

from django.http import HttpRequest

from ecommerce.identity import Viewer


def viewer_in_admin(request: HttpRequest) -> Viewer:
    """Who asks in Django's admin, where ``request.user`` is a row and not a Viewer."""
    viewer: Viewer = getattr(request.user, "viewer", Viewer())
    return viewer
