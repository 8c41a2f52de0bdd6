"""People who can sign in, and what they prefer."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from apps.accounts.domain.backoffice import may_enter, may_open
from apps.accounts.domain.email import normal_email
from apps.accounts.models.dimension import Seller
from ecommerce.clock import now
from ecommerce.dimensions import LOCALE
from ecommerce.identity import ADMIN, CUSTOMER, ROLES, SELLER, Viewer
from ecommerce.ids import new_id


def _customer() -> list[str]:
    return [CUSTOMER]


class Users(BaseUserManager["User"]):
    """What Django's own commands and the admin's login ask of a user model."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normal_email(username or ""))

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=normal_email(email), roles=[CUSTOMER, ADMIN], **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person with an account. The e-mail is stored in one normal form, so it is unique in any case."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    locale = models.CharField(max_length=16, default=LOCALE)
    roles = ArrayField(models.CharField(max_length=16), default=_customer)
    seller = models.ForeignKey(Seller, null=True, blank=True, on_delete=models.PROTECT)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now, editable=False)

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_user_email_normal", condition=Q(email=Lower("email"))
            ),
            models.CheckConstraint(
                name="accounts_user_roles_known", condition=Q(roles__contained_by=list(ROLES))
            ),
            models.CheckConstraint(
                name="accounts_user_seller_role",
                condition=Q(roles__contains=[SELLER], seller__isnull=False)
                | (~Q(roles__contains=[SELLER]) & Q(seller__isnull=True)),
            ),
        ]
        indexes = [models.Index(F("created_at").desc(), F("id"), name="accounts_user_newest")]

    def __str__(self) -> str:
        return self.email

    @property
    def is_superuser(self) -> bool:
        return ADMIN in self.roles

    @property
    def is_staff(self) -> bool:
        """May they enter the Django admin?"""
        return may_enter(self.roles)

    @property
    def viewer(self) -> Viewer:
        """Who asks, when Django's admin calls a service: ``request.user.viewer``."""
        return Viewer(user_id=self.id, roles=frozenset(self.roles), seller=self.seller_id)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and may_open(self.roles, perm)

    def has_perms(self, perms: Any, obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and may_open(self.roles, f"{app_label}.view")

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_short_name(self) -> str:
        return self.first_name or self.email


class Preferences(models.Model):
    """What a customer chose. No row means the defaults."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE)
    currency = models.CharField(max_length=3, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    marketing_email = models.BooleanField(default=False)
    marketing_sms = models.BooleanField(default=False)
    personalization = models.BooleanField(default=False)
    updated_at = models.DateTimeField(default=now, editable=False)

    def __str__(self) -> str:
        return f"Preferences of {self.user_id}"
