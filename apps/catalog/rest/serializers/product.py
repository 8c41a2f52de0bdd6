"""Products and SKUs on the wire."""

import math
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.catalog.types import ACTIVE, ARCHIVED, DEPRECATED, DRAFT, PUBLISHED, UNPUBLISHED, MediaRef
from ecommerce.http import Serializer

_VALUE = {
    "oneOf": [
        {"type": "string"},
        {"type": "number"},
        {"type": "boolean"},
        {"type": "array", "items": {"type": "string"}},
    ]
}


@extend_schema_field({"type": "object", "additionalProperties": _VALUE})
class AttributesField(serializers.Field):  # type: ignore[type-arg]  # a mapping, in and out
    """Free attributes: text, number, yes/no, or several texts."""

    default_error_messages = {
        "mapping": "Must be an object.",
        "value": "Must be a text, a finite number, true, false, or a list of texts.",
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("mapping")
        return {name: self._value(name, value) for name, value in data.items()}

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, list) and all(isinstance(text, str) for text in value):
            return tuple(value)
        if isinstance(value, str | bool):
            return value
        if isinstance(value, int | float) and math.isfinite(value) and abs(value) < 2**53:
            return value
        raise serializers.ValidationError({name: [self.error_messages["value"]]})

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value


class TextsField(serializers.ListField):
    """A list of texts; a tuple inside."""

    def __init__(self, **kwargs: Any) -> None:
        limit = kwargs.pop("max_length_each", 255)
        super().__init__(child=serializers.CharField(max_length=limit), **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        return tuple(super().to_internal_value(data))


class IdsField(serializers.ListField):
    """A list of ids; a tuple inside."""

    child = serializers.UUIDField()

    def to_internal_value(self, data: Any) -> Any:
        return tuple(super().to_internal_value(data))


class MediaRefField(Serializer):
    """A picture of a product."""

    url = serializers.CharField(max_length=2048)
    alt = serializers.CharField(max_length=512, allow_blank=True, default="")
    media_id = serializers.UUIDField(allow_null=True, default=None)


class SkuIn(Serializer):
    """What may be set of a SKU."""

    code = serializers.CharField(max_length=128)
    options = serializers.DictField(
        child=serializers.CharField(max_length=255), default=dict, help_text="Value by option name"
    )
    barcode = serializers.CharField(
        max_length=14, allow_blank=True, default="", help_text="GTIN-8, 12, 13 or 14"
    )
    weight_grams = serializers.IntegerField(min_value=0, allow_null=True, default=None)
    length_mm = serializers.IntegerField(min_value=0, allow_null=True, default=None)
    width_mm = serializers.IntegerField(min_value=0, allow_null=True, default=None)
    height_mm = serializers.IntegerField(min_value=0, allow_null=True, default=None)
    hs_code = serializers.RegexField(
        r"^([0-9]{6,10})?$", allow_blank=True, default="", help_text="6 to 10 digits"
    )
    country_of_origin = serializers.RegexField(
        r"^([A-Z]{2})?$", allow_blank=True, default="", help_text="ISO 3166-1 alpha-2"
    )
    tax_class = serializers.CharField(max_length=32, default="standard")
    requires_shipping = serializers.BooleanField(default=True)
    image = serializers.CharField(max_length=2048, allow_blank=True, default="")


class SkuCreateIn(SkuIn):
    """A new SKU of a product."""

    product_id = serializers.UUIDField()


class SkuReplaceIn(SkuIn):
    """The whole of a SKU; what is left out is empty, its status aside."""

    status = serializers.ChoiceField(choices=[ACTIVE, DEPRECATED], required=False)


class ProductIn(Serializer):
    """The whole of a product; what is left out is empty."""

    title = serializers.CharField(max_length=512)
    slug = serializers.CharField(max_length=255, allow_blank=True, default="")
    description = serializers.CharField(
        max_length=500_000, allow_blank=True, default="", trim_whitespace=False
    )
    brand = serializers.CharField(max_length=255, allow_blank=True, default="")
    product_type = serializers.CharField(max_length=255, allow_blank=True, default="")
    tags = TextsField(default=tuple, max_length=250)
    category_ids = IdsField(default=list, max_length=100)
    attributes = AttributesField(default=dict)
    media = MediaRefField(many=True, default=list)
    option_names = TextsField(default=tuple, max_length=5, max_length_each=64)
    seo_title = serializers.CharField(max_length=512, allow_blank=True, default="")
    seo_description = serializers.CharField(max_length=10_000, allow_blank=True, default="")
    external_id = serializers.CharField(max_length=128, allow_null=True, default=None)

    def validate_media(self, refs: list[dict[str, Any]]) -> tuple[MediaRef, ...]:
        if any("url" not in ref for ref in refs):
            raise serializers.ValidationError("Each picture needs a url.")
        return tuple(MediaRef(**ref) for ref in refs)


class ProductCreateIn(ProductIn):
    """A new product, with its SKUs at once if wanted."""

    skus = SkuIn(many=True, default=list, max_length=2000)  # type: ignore[call-arg]  # of the list


class ReasonIn(Serializer):
    """Why it is done."""

    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class SkuOut(Serializer):
    """A SKU. It is addressed by its id or its code."""

    id = serializers.UUIDField(source="sku_id")
    product_id = serializers.UUIDField()
    code = serializers.CharField()
    title = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    barcode = serializers.CharField()
    weight_grams = serializers.IntegerField(allow_null=True)
    length_mm = serializers.IntegerField(allow_null=True)
    width_mm = serializers.IntegerField(allow_null=True)
    height_mm = serializers.IntegerField(allow_null=True)
    hs_code = serializers.CharField()
    country_of_origin = serializers.CharField()
    tax_class = serializers.CharField()
    requires_shipping = serializers.BooleanField()
    seller = serializers.CharField()
    status = serializers.ChoiceField(choices=[ACTIVE, DEPRECATED])
    image = serializers.CharField(allow_null=True)
    position = serializers.IntegerField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class LocalizedTextOut(Serializer):
    """The published texts of one locale and channel."""

    locale = serializers.CharField()
    channel = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    bullets = serializers.ListField(child=serializers.CharField())
    seo_title = serializers.CharField()
    seo_description = serializers.CharField()
    version = serializers.IntegerField()


class MediaRefOut(Serializer):
    """A picture of a product."""

    url = serializers.CharField()
    alt = serializers.CharField()
    media_id = serializers.UUIDField(allow_null=True)


class ProductOut(Serializer):
    """A product with its SKUs."""

    id = serializers.UUIDField(source="product_id")
    merchant = serializers.CharField()
    seller = serializers.CharField()
    external_id = serializers.CharField(allow_null=True)
    slug = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    brand = serializers.CharField()
    product_type = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    status = serializers.ChoiceField(choices=[DRAFT, PUBLISHED, UNPUBLISHED, ARCHIVED])
    category_ids = serializers.ListField(child=serializers.UUIDField())
    attributes = AttributesField()
    media = MediaRefOut(many=True)
    option_names = serializers.ListField(child=serializers.CharField())
    seo_title = serializers.CharField()
    seo_description = serializers.CharField()
    texts = LocalizedTextOut(many=True)
    skus = SkuOut(many=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)


class ProductPage(Serializer):
    """A page of products."""

    results = ProductOut(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class SkuPage(Serializer):
    """A page of SKUs."""

    results = SkuOut(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class ProductsQuery(Serializer):
    """The filters of the product list."""

    status = serializers.ChoiceField(
        choices=[DRAFT, PUBLISHED, UNPUBLISHED, ARCHIVED], required=False
    )
    category = serializers.UUIDField(required=False, help_text="In it or below it")
    brand = serializers.CharField(max_length=255, required=False)
    slug = serializers.CharField(max_length=255, required=False)
    q = serializers.CharField(
        min_length=2,
        max_length=200,
        required=False,
        help_text="In the title; or a slug, SKU code or barcode",
    )
    updated_since = serializers.DateTimeField(required=False)


class SkusQuery(Serializer):
    """The filters of the SKU list."""

    product_id = serializers.UUIDField(required=False)
    code = serializers.CharField(max_length=128, required=False)
    barcode = serializers.CharField(max_length=14, required=False)
    status = serializers.ChoiceField(choices=[ACTIVE, DEPRECATED], required=False)
