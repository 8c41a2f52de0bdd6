"""What texts must be like."""

from collections.abc import Iterator

from apps.pim.types import ContentKey, Texts
from ecommerce.errors import Fault
from ecommerce.locales import is_locale

MAX_BULLETS = 50
_LIMITS = {"title": 512, "description": 500_000, "seo_title": 512, "seo_description": 10_000}


def content_faults(key: ContentKey, texts: Texts) -> list[Fault]:
    """Everything that is wrong with the texts and where they go."""
    faults = [
        _fault(name, f"is longer than {limit} or has a NUL", "text")
        for name, limit in _LIMITS.items()
        if _bad(getattr(texts, name), limit)
    ]
    if not is_locale(key.locale):
        faults.append(_fault("locale", "is no BCP 47 tag in its usual writing", "locale"))
    return [*faults, *_bullet_faults(texts)]


def is_empty(texts: Texts) -> bool:
    """Is there nothing to say?"""
    return texts == Texts()


def _bullet_faults(texts: Texts) -> Iterator[Fault]:
    if len(texts.bullets) > MAX_BULLETS:
        yield _fault("bullets", f"are more than {MAX_BULLETS}", "max_items")
    for number, bullet in enumerate(texts.bullets):
        if not bullet.strip() or _bad(bullet, 1000):
            yield _fault(f"bullets/{number}", "is empty or longer than 1000", "text")


def _bad(text: str, limit: int) -> bool:
    return len(text) > limit or "\x00" in text


def _fault(member: str, detail: str, code: str) -> Fault:
    return Fault(pointer=f"/{member}", detail=detail, code=code)
