"""A cart's entity tag: its version, and a digest of what was shown.

Prices and stock move while the version stands still, so the version alone would answer 304 to a shopper
whose price has changed. If-Match reads the version and leaves the digest alone.
"""

import hashlib
import re
from typing import Any

from rest_framework.request import Request

from ecommerce.errors import StaleVersion, VersionRequired
from ecommerce.http import etag_of
from ecommerce.http.wire import to_json

_OURS = re.compile(r'"(\d{1,9})(?:\.[0-9a-f]+)?"')


def tag_of(version: int, body: Any) -> str:
    return etag_of(f"{version}.{hashlib.sha256(to_json(body)).hexdigest()[:12]}")


def version_in(request: Request, *, required: bool) -> int | None:
    """The version that If-Match means, with or without the digest.

    Raises VersionRequired (428) where it is missing, StaleVersion (412) for a tag that is not ours.
    """
    header = request.META.get("HTTP_IF_MATCH")
    if header is None or header.strip() == "*":
        if required and header is None:
            raise VersionRequired("Send If-Match with the ETag that you last read.")
        return None
    ours = _OURS.fullmatch(header.strip())
    if ours is None:
        raise StaleVersion("If-Match is not a tag of a cart.")
    return int(ours[1])
