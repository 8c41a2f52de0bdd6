"""Product texts on the wire."""

from dataclasses import fields

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.pim.types import ContentKey, Texts
from ecommerce.dimensions import CHANNEL, LOCALE
from ecommerce.http import Serializer
from ecommerce.http.naming import camel


class PlaceIn(Serializer):
    """Of which locale and channel."""

    locale = serializers.CharField(max_length=35, default=LOCALE, help_text="BCP 47")
    channel = serializers.CharField(max_length=64, default=CHANNEL)


class ContentQuery(PlaceIn):
    """Which version of the texts."""

    version = serializers.IntegerField(min_value=1, required=False, help_text="Empty: the latest")


class ContentIn(PlaceIn):
    """The texts of one locale and channel, whole."""

    title = serializers.CharField(max_length=512, allow_blank=True, default="")
    description = serializers.CharField(
        max_length=500_000, allow_blank=True, default="", trim_whitespace=False
    )
    bullets = serializers.ListField(
        child=serializers.CharField(max_length=1000), default=list, max_length=50
    )
    seo_title = serializers.CharField(max_length=512, allow_blank=True, default="")
    seo_description = serializers.CharField(max_length=10_000, allow_blank=True, default="")

    def texts(self) -> Texts:
        """The texts, checked."""
        given = self.validated_data
        return Texts(
            title=given["title"],
            description=given["description"],
            bullets=tuple(given["bullets"]),
            seo_title=given["seo_title"],
            seo_description=given["seo_description"],
        )


class ContentOut(Serializer):
    """A version of the texts."""

    id = serializers.UUIDField(source="content_id")
    product_id = serializers.UUIDField()
    locale = serializers.CharField()
    channel = serializers.CharField()
    state = serializers.ChoiceField(choices=["DRAFT", "PUBLISHED"])
    version = serializers.IntegerField()
    latest_version = serializers.IntegerField()
    published_version = serializers.IntegerField(allow_null=True)
    title = serializers.CharField(source="texts.title")
    description = serializers.CharField(source="texts.description")
    bullets = serializers.ListField(source="texts.bullets", child=serializers.CharField())
    seo_title = serializers.CharField(source="texts.seo_title")
    seo_description = serializers.CharField(source="texts.seo_description")
    saved_at = serializers.DateTimeField()
    saved_by = serializers.UUIDField(allow_null=True)


class VersionOut(Serializer):
    """An entry of the history."""

    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    saved_by = serializers.UUIDField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    published_by = serializers.UUIDField(allow_null=True)


class HistoryOut(Serializer):
    """Every version, newest first."""

    results = VersionOut(many=True)


@extend_schema_field(
    {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
)
class TextField(serializers.ReadOnlyField):
    """A text, or the list of bullets."""


@extend_schema_field({"type": "string", "enum": [camel(one.name) for one in fields(Texts)]})
class TextNameField(serializers.ReadOnlyField):
    """Which text it is, by the name that it is saved under."""

    def to_representation(self, value: str) -> str:
        return camel(value)


class ResolvedTextOut(Serializer):
    """A text as shoppers see it, and where it comes from."""

    field = TextNameField()
    value = TextField()
    rule = serializers.ChoiceField(
        choices=[
            "own",
            "locale-fallback",
            "default-locale",
            "channel-fallback",
            "product",
            "missing",
        ]
    )
    locale = serializers.CharField(allow_null=True)
    channel = serializers.CharField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)


class ResolvedOut(Serializer):
    """Every text as shoppers see it."""

    results = ResolvedTextOut(many=True)


def key_of(product_id: object, place: dict[str, object]) -> ContentKey:
    """Which texts are meant."""
    names = {"locale": place["locale"], "channel": place["channel"]}
    return ContentKey(product_id=product_id, **names)  # type: ignore[arg-type]  # checked by PlaceIn
