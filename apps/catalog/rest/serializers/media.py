"""Pictures on the wire."""

from rest_framework import serializers

from ecommerce.http import Serializer


class MediaIn(Serializer):
    """A picture: JPEG, PNG, WebP, GIF or AVIF, 20 MiB and 50 megapixels at most."""

    file = serializers.FileField()
    alt = serializers.CharField(max_length=512, allow_blank=True, default="")


class MediaVariantOut(Serializer):
    """A smaller rendition."""

    name = serializers.CharField()
    url = serializers.CharField()
    content_type = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    byte_size = serializers.IntegerField()


class MediaVariantsOut(Serializer):
    """The smaller renditions of a picture."""

    results = MediaVariantOut(many=True)


class MediaOut(Serializer):
    """A picture."""

    id = serializers.UUIDField(source="media_id")
    url = serializers.CharField()
    file_name = serializers.CharField()
    alt = serializers.CharField()
    content_type = serializers.CharField()
    byte_size = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    sha256 = serializers.CharField()
    variants = MediaVariantOut(many=True)
    created_at = serializers.DateTimeField()
