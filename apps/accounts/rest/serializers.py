"""What accounts reads and writes as JSON."""

from typing import Any

from rest_framework import serializers

from ecommerce.dimensions import LOCALE
from ecommerce.http import Serializer
from ecommerce.identity import ROLES

LOCALE_TAG = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
PHONE = r"^\+?[0-9][0-9 ()./-]{2,18}$"
COUNTRY = r"^[A-Z]{2}$"


class Password(serializers.CharField):
    """Never shown, never trimmed; bounded, because hashing takes work."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=128,
            trim_whitespace=False,
            write_only=True,
            style={"input_type": "password"},
            **kwargs,
        )


class RegisterIn(Serializer):
    email = serializers.EmailField(max_length=254)
    password = Password(min_length=8)
    first_name = serializers.CharField(max_length=100, allow_blank=True, default="")
    last_name = serializers.CharField(max_length=100, allow_blank=True, default="")
    phone = serializers.RegexField(PHONE, allow_blank=True, default="")
    locale = serializers.RegexField(LOCALE_TAG, max_length=16, default=LOCALE)


class LoginIn(Serializer):
    email = serializers.CharField(max_length=254)
    password = Password()


class RefreshIn(Serializer):
    refresh_token = serializers.CharField(max_length=2000)


class TokensOut(Serializer):
    access_token = serializers.CharField()
    refresh_token = serializers.CharField()
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="seconds until the access token ends")
    refresh_expires_at = serializers.DateTimeField()
    session_id = serializers.UUIDField()
    user_id = serializers.UUIDField()


class SessionOut(Serializer):
    id = serializers.UUIDField()
    device = serializers.CharField()
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    is_current = serializers.BooleanField()


class SessionsOut(Serializer):
    results = SessionOut(many=True)


class ProfileOut(Serializer):
    id = serializers.UUIDField()
    email = serializers.EmailField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    phone = serializers.CharField()
    locale = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(ROLES))
    seller = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class UserOut(ProfileOut):
    is_active = serializers.BooleanField()


class ProfileIn(Serializer):
    first_name = serializers.CharField(max_length=100, allow_blank=True, required=False)
    last_name = serializers.CharField(max_length=100, allow_blank=True, required=False)
    phone = serializers.RegexField(PHONE, allow_blank=True, required=False)
    locale = serializers.RegexField(LOCALE_TAG, max_length=16, required=False)


class PasswordIn(Serializer):
    current_password = Password()
    new_password = Password(min_length=8)


class PreferencesIn(Serializer):
    currency = serializers.RegexField(r"^[A-Z]{3}$", allow_null=True, default=None)
    time_zone = serializers.CharField(max_length=64, default="UTC")
    marketing_email = serializers.BooleanField(default=False)
    marketing_sms = serializers.BooleanField(default=False)
    personalization = serializers.BooleanField(default=False)


class PreferencesOut(Serializer):
    currency = serializers.CharField(allow_null=True)
    time_zone = serializers.CharField()
    marketing_email = serializers.BooleanField()
    marketing_sms = serializers.BooleanField()
    personalization = serializers.BooleanField()


class AddressIn(Serializer):
    label = serializers.CharField(max_length=50, allow_blank=True, default="")  # type: ignore[assignment]  # the address's label, not the serializer's
    first_name = serializers.CharField(max_length=100)
    last_name = serializers.CharField(max_length=100)
    company = serializers.CharField(max_length=200, allow_blank=True, default="")
    line1 = serializers.CharField(max_length=200)
    line2 = serializers.CharField(max_length=200, allow_blank=True, default="")
    city = serializers.CharField(max_length=100)
    region = serializers.CharField(max_length=100, allow_blank=True, default="")
    postal_code = serializers.CharField(max_length=20, allow_blank=True, default="")
    country = serializers.RegexField(COUNTRY, help_text="ISO 3166-1 alpha-2")
    phone = serializers.RegexField(PHONE, allow_blank=True, default="")
    is_default_shipping = serializers.BooleanField(default=False)
    is_default_billing = serializers.BooleanField(default=False)


class AddressOut(Serializer):
    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]  # likewise
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    company = serializers.CharField()
    line1 = serializers.CharField()
    line2 = serializers.CharField()
    city = serializers.CharField()
    region = serializers.CharField()
    postal_code = serializers.CharField()
    country = serializers.CharField()
    phone = serializers.CharField()
    is_default_shipping = serializers.BooleanField()
    is_default_billing = serializers.BooleanField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class AddressesOut(Serializer):
    results = AddressOut(many=True)


class UsersQuery(Serializer):
    email = serializers.CharField(max_length=254, default="", help_text="part of the e-mail")
    role = serializers.ChoiceField(ROLES, required=False)


class UsersOut(Serializer):
    results = UserOut(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class RolesIn(Serializer):
    roles = serializers.ListField(child=serializers.ChoiceField(ROLES), max_length=len(ROLES))
    seller = serializers.CharField(max_length=32, allow_null=True, default=None)


class ActiveIn(Serializer):
    is_active = serializers.BooleanField()


class ChannelOut(Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    merchant = serializers.CharField()
    currency = serializers.CharField()
    currencies = serializers.ListField(child=serializers.CharField())
    locale = serializers.CharField()
    locales = serializers.ListField(child=serializers.CharField())
    country = serializers.CharField()


class ChannelsOut(Serializer):
    results = ChannelOut(many=True)
