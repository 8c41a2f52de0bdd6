"""Pictures: is it one, how large, and its smaller renditions."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from apps.catalog.errors import MediaInvalid

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
SIZES = {"thumb": 200, "small": 480, "large": 1200}
"""The longer side of each rendition, in pixels."""
_TYPES = {
    "JPEG": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "WEBP": ("image/webp", "webp"),
    "GIF": ("image/gif", "gif"),
    "AVIF": ("image/avif", "avif"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A picture as it is stored."""

    content: bytes
    content_type: str
    extension: str
    width: int
    height: int


def picture_of(content: bytes) -> Picture:
    """Raises MediaInvalid for what is too large, or is no JPEG, PNG, WebP, GIF or AVIF.

    It is decoded to the end: a name or a first few bytes prove nothing. Its size is looked at before
    that, so that a small file cannot unfold into gigabytes.
    """
    if len(content) > MAX_BYTES:
        raise MediaInvalid(f"A picture has {MAX_BYTES} bytes at most.")
    image = _opened(content)
    content_type, extension = _TYPES[image.format or ""]
    return Picture(
        content=content,
        content_type=content_type,
        extension=extension,
        width=image.width,
        height=image.height,
    )


def _opened(content: bytes) -> Image.Image:
    try:
        image = Image.open(BytesIO(content), formats=list(_TYPES))
        if image.width * image.height > MAX_PIXELS:
            raise MediaInvalid(f"A picture has {MAX_PIXELS} pixels at most.")
        image.load()
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise MediaInvalid("JPEG, PNG, WebP, GIF and AVIF are taken.") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise MediaInvalid("The picture is damaged.") from error
    return image


def renditions_of(content: bytes) -> dict[str, Picture]:
    """The smaller ones that make sense, as WebP, upright and without the camera's notes."""
    upright = ImageOps.exif_transpose(_opened(content)).convert("RGBA")
    longer = max(upright.size)
    return {
        name: _smaller(upright, size)
        for name, size in SIZES.items()
        if size < longer or name == "thumb"
    }


def _smaller(image: Image.Image, size: int) -> Picture:
    copy = image.copy()
    copy.thumbnail((size, size), Image.Resampling.LANCZOS)
    out = BytesIO()
    copy.save(out, "WEBP", quality=82)
    return Picture(
        content=out.getvalue(),
        content_type="image/webp",
        extension="webp",
        width=copy.width,
        height=copy.height,
    )
