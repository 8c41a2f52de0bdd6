"""Django's login form, behind the same guard as the API's."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from apps.accounts import services
from apps.accounts.errors import TooManyAttempts, WrongCredentials
from apps.accounts.models import User
from ecommerce.clock import now


class GuardedLogin(BaseBackend):
    """Failed sign-ins to the admin count for the account's lock too."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if not username or not password:
            return None
        try:
            user_id = services.check_credentials(email=username, password=password, now=now())
        except (WrongCredentials, TooManyAttempts):
            return None
        return self.get_user(user_id)

    def get_user(self, user_id: UUID) -> User | None:
        return User.objects.filter(id=user_id, is_active=True).first()
