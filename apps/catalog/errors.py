"""The ways in which the catalog says no."""

from ecommerce.errors import Conflict, Invalid, NotFound, StaleVersion


class ProductNotFound(NotFound):
    code = "catalog/product-not-found"
    title = "There is no such product"


class SkuNotFound(NotFound):
    code = "catalog/sku-not-found"
    title = "There is no such SKU"


class CategoryNotFound(NotFound):
    code = "catalog/category-not-found"
    title = "There is no such category"


class MediaNotFound(NotFound):
    code = "catalog/media-not-found"
    title = "There is no such picture"


class ProductInvalid(Invalid):
    code = "catalog/product-invalid"
    title = "The product cannot be stored like this"


class SkuInvalid(Invalid):
    code = "catalog/sku-invalid"
    title = "The SKU cannot be stored like this"


class CategoryInvalid(Invalid):
    code = "catalog/category-invalid"
    title = "The category cannot be stored like this"


class CategoryTooDeep(Invalid):
    code = "catalog/category-too-deep"
    title = "The tree is 32 levels deep at most, its paths 2,000 bytes long"


class MediaInvalid(Invalid):
    code = "catalog/media-invalid"
    title = "This is not a picture that we take"


class ImportInvalid(Invalid):
    code = "catalog/import-invalid"
    title = "The import cannot start like this"


class SlugTaken(Conflict):
    code = "catalog/slug-taken"
    title = "Another one has this slug"


class SkuCodeTaken(Conflict):
    code = "catalog/sku-code-taken"
    title = "Another SKU has this code"


class ExternalIdTaken(Conflict):
    code = "catalog/external-id-taken"
    title = "Another one has this external id"


class OptionsTaken(Conflict):
    code = "catalog/options-taken"
    title = "Another active SKU of the product has these options"


class NotPublishable(Conflict):
    code = "catalog/not-publishable"
    title = "The product is not ready for shoppers"


class ProductArchived(Conflict):
    code = "catalog/product-archived"
    title = "The product was deleted"


class CategoryNameTaken(Conflict):
    code = "catalog/category-name-taken"
    title = "A sibling has this name"


class CategoryCycle(Conflict):
    code = "catalog/category-cycle"
    title = "A category cannot be moved under itself"


class CategoryInUse(Conflict):
    code = "catalog/category-in-use"
    title = "The category still has children or products"


class ProductChanged(StaleVersion):
    code = "catalog/product-changed"


class SkuChanged(StaleVersion):
    code = "catalog/sku-changed"


class CategoryChanged(StaleVersion):
    code = "catalog/category-changed"
