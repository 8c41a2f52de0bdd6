"""Feature flags: read from PostgreSQL, remembered in the process, explained."""

from ecommerce.identity import Viewer

__all__ = ["enabled"]


def enabled(
    key: str, *, viewer: Viewer | None = None, channel: str | None = None, default: bool = False
) -> bool:
    """Is the flag on for this viewer? See ``ecommerce.flags.services.enabled``."""
    from ecommerce.flags import services

    return services.enabled(key, viewer=viewer, channel=channel, default=default)
