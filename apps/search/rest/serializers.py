"""What the storefront's endpoints take and give."""

from rest_framework import serializers

from apps.search.types import SORTS, FacetValue, Results
from ecommerce.dimensions import CHANNEL, CURRENCY, LOCALE
from ecommerce.http import MoneyField, Serializer
from ecommerce.http.components import MAX_MINOR

CODE = r"^[a-z0-9][a-z0-9_-]{0,39}$"


class MarketIn(Serializer):
    channel = serializers.RegexField(CODE, default=CHANNEL)
    currency = serializers.RegexField(r"^[A-Z]{3}$", default=CURRENCY)
    locale = serializers.RegexField(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", default=LOCALE)


class SearchIn(MarketIn):
    query = serializers.CharField(default="", allow_blank=True, max_length=200)
    category = serializers.CharField(default="", allow_blank=True, max_length=300)
    filters = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=200), max_length=50),
        default=dict,
        help_text="Values by facet: brand, tag, option.<name>, attribute.<name>.",
    )
    min_price_minor = serializers.IntegerField(min_value=0, max_value=MAX_MINOR, required=False)
    max_price_minor = serializers.IntegerField(min_value=0, max_value=MAX_MINOR, required=False)
    in_stock = serializers.BooleanField(default=False)
    sort = serializers.ChoiceField(choices=SORTS, required=False)
    facets = serializers.BooleanField(default=True)


class CatalogIn(MarketIn):
    q = serializers.CharField(default="", allow_blank=True, max_length=200)
    category = serializers.CharField(default="", allow_blank=True, max_length=300)
    brand = serializers.CharField(default="", allow_blank=True, max_length=200)
    in_stock = serializers.BooleanField(default=False)
    sort = serializers.ChoiceField(choices=SORTS, required=False)
    facets = serializers.BooleanField(default=False)


class SuggestionsIn(MarketIn):
    q = serializers.CharField(max_length=100, allow_blank=True)


class ImageOut(Serializer):
    url = serializers.CharField()
    alt = serializers.CharField()
    media_id = serializers.UUIDField(allow_null=True)


class HitOut(Serializer):
    product_id = serializers.UUIDField()
    slug = serializers.CharField()
    title = serializers.CharField()
    brand = serializers.CharField()
    product_type = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    seller = serializers.CharField()
    image = ImageOut(allow_null=True)
    price = MoneyField()
    highest_price = MoneyField()
    compare_at_price = MoneyField(allow_null=True)
    in_stock = serializers.BooleanField()


class FacetValueOut(Serializer):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # Field has a label of its own
    count = serializers.IntegerField()
    selected = serializers.BooleanField()


class ResultsOut(Serializer):
    results = HitOut(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    total = serializers.IntegerField(required=False)
    total_is_exact = serializers.BooleanField(
        required=False,
        help_text="False where very many products have the words: the newest are ranked and counted",
    )
    facets = serializers.DictField(child=FacetValueOut(many=True), required=False)


class OfferedSkuOut(Serializer):
    sku_id = serializers.UUIDField()
    code = serializers.CharField()
    title = serializers.CharField()
    options = serializers.DictField(child=serializers.CharField())
    barcode = serializers.CharField()
    weight_grams = serializers.IntegerField(allow_null=True)
    length_mm = serializers.IntegerField(allow_null=True)
    width_mm = serializers.IntegerField(allow_null=True)
    height_mm = serializers.IntegerField(allow_null=True)
    seller = serializers.CharField()
    image = serializers.CharField(allow_null=True)
    price = MoneyField(allow_null=True)
    compare_at_price = MoneyField(allow_null=True)
    available = serializers.IntegerField()


class CrumbOut(Serializer):
    category_id = serializers.UUIDField()
    name = serializers.CharField()
    path = serializers.CharField()


class ProductPageOut(Serializer):
    product_id = serializers.UUIDField()
    slug = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    bullets = serializers.ListField(child=serializers.CharField(), required=False)
    brand = serializers.CharField()
    product_type = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    attributes = serializers.DictField()
    media = ImageOut(many=True)
    option_names = serializers.ListField(child=serializers.CharField())
    seo_title = serializers.CharField()
    seo_description = serializers.CharField()
    seller = serializers.CharField()
    version = serializers.IntegerField()
    skus = OfferedSkuOut(many=True)
    breadcrumbs = serializers.ListField(child=CrumbOut(many=True))
    in_stock = serializers.BooleanField()


class SuggestionOut(Serializer):
    kind = serializers.ChoiceField(choices=("product", "category", "brand"))
    text = serializers.CharField()
    target = serializers.CharField()


class SuggestionsOut(Serializer):
    suggestions = SuggestionOut(many=True)


def facets_json(results: Results) -> dict[str, list[FacetValue]]:
    """Facets on the wire; ``FacetValueOut`` describes a value."""
    return {name: list(values) for name, values in results.facets.items()}
