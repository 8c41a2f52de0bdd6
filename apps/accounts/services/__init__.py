"""What accounts does: the only functions that others may call."""

from apps.accounts.services._viewer import authenticate_token, viewer_of_token

__all__ = ["authenticate_token", "viewer_of_token"]
