"""Pictures: real ones only, kept once, with smaller renditions."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.catalog import services
from apps.catalog.errors import MediaInvalid
from apps.catalog.tests.factories import NOW
from apps.catalog.types import Media
from ecommerce.events.testing import published
from ecommerce.identity import Viewer
from ecommerce.ids import new_id
from ecommerce.testing import JsonClient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def png(width: int = 800, height: int = 400, colour: str = "red") -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def upload(content: bytes) -> Media:
    return services.upload_media(file=BytesIO(content), file_name="a.png", alt="A", now=NOW)


def test_a_picture_is_kept_once_with_its_renditions() -> None:
    first, again = upload(png()), upload(png())

    assert first == again
    assert (first.content_type, first.width, first.height) == ("image/png", 800, 400)
    assert [(v.name, v.width, v.height) for v in first.variants] == [
        ("thumb", 200, 100),
        ("small", 480, 240),
    ]
    assert [e.event_type for e in published()] == ["ecommerce.catalog.media.uploaded.v1"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a nothing",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        png()[:200],
        b"%PDF-1.7",
    ],
    ids=["empty", "a mere header", "svg", "cut off", "pdf"],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(MediaInvalid):
        upload(content)


def test_a_picture_that_unfolds_into_too_many_pixels_is_refused() -> None:
    bomb = png(8000, 8000, "black")
    assert len(bomb) < 1_000_000

    with pytest.raises(MediaInvalid, match="pixels"):
        upload(bomb)


def test_pictures_go_up_and_come_down_over_http(api: JsonClient) -> None:
    file = SimpleUploadedFile("../../etc/shirt.png", png(), content_type="text/html")
    anonymous = api.post("/api/v1/media", {"file": file}, format="multipart")
    assert anonymous.status_code == 401
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"merchandiser"})))

    file.seek(0)
    made = api.post("/api/v1/media", {"file": file, "alt": "A shirt"}, format="multipart")

    assert made.status_code == 201, made.content
    media = api.json_of("GET", made["Location"], status=200)
    assert (media["fileName"], media["alt"]) == ("shirt.png", "A shirt")
    variants = api.json_of("GET", f"{made['Location']}/variants", status=200)["results"]
    assert variants == media["variants"]
    content = api.get(media["url"])
    assert b"".join(content.streaming_content) == png()  # type: ignore[attr-defined]
    assert (content["Content-Type"], content["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert api.get(variants[0]["url"])["Content-Type"] == "image/webp"
    assert api.get(f"{made['Location']}/variants/huge").status_code == 404
    bad = SimpleUploadedFile("x.png", b"no picture")
    refused = api.post("/api/v1/media", {"file": bad}, format="multipart")
    assert (refused.status_code, refused.json()["code"]) == (422, "catalog/media-invalid")


def test_imports_and_exports_start_over_http(api: JsonClient) -> None:
    api.force_authenticate(user=Viewer(user_id=new_id(), roles=frozenset({"merchandiser"})))
    file = SimpleUploadedFile("p.csv", b"Handle,Title\nmug,Mug\n")
    fields = {"file": file, "format": "shopify-csv", "dryRun": "true"}

    started = api.post("/api/v1/imports/products", fields, format="multipart")
    assert (started.status_code, started.json()["state"]) == (202, "QUEUED")
    assert api.get(started["Location"]).status_code == 200
    file.seek(0)
    wrong = {**fields, "currency": "XQX", "mapping": '{"nope": "x"}', "format": "csv"}
    refused = api.post("/api/v1/imports/products", wrong, format="multipart")
    assert [fault["code"] for fault in refused.json()["errors"]] == ["currency", "mapping"]
    exported = api.post("/api/v1/exports/products", {"format": "jsonl"})
    assert (exported.status_code, exported["Location"][:16]) == (202, "/api/v1/exports/")
