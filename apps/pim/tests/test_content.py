"""Product texts: drafted, kept, published, taken over by the product."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from apps.accounts import services as accounts
from apps.catalog import services as catalog
from apps.catalog.types import LocalizedText, ProductFields
from apps.pim import services
from apps.pim.errors import (
    ContentChanged,
    ContentInvalid,
    ContentNotFound,
    ContentVersionRequired,
    NothingToPublish,
)
from apps.pim.types import Content, ContentKey, Texts
from ecommerce.clock import now
from ecommerce.events.testing import published
from ecommerce.identity import Viewer
from ecommerce.ids import new_id
from ecommerce.testing import JsonClient
from ecommerce.ttl_cache import TtlCache

pytestmark = pytest.mark.django_db
EDITOR = Viewer(user_id=new_id(), roles=frozenset({"merchandiser"}))
PRODUCT_UPDATED = "ecommerce.catalog.product.updated.v1"
FRENCH = Texts(title="Tasse", description="Une tasse", bullets=("Bleue", "33 cl"))


@pytest.fixture
def mug() -> ContentKey:
    product = catalog.create_product(ProductFields(title="Mug", description="A mug"), now=now())
    return ContentKey(product_id=product.product_id, locale="fr")


def save(key: ContentKey, texts: Texts, after: int | None = None) -> Content:
    return services.save_draft(
        key=key, texts=texts, expected_version=after, viewer=EDITOR, now=now()
    )


def approve(key: ContentKey, version: int | None = None) -> Content:
    return services.approve_content(key=key, expected_version=version, viewer=EDITOR, now=now())


def told() -> list[str]:
    return [e.event_type.removeprefix("ecommerce.") for e in published() if ".pim." in e.event_type]


def test_every_save_is_a_version_that_can_be_read_again(mug: ContentKey) -> None:
    first = save(mug, FRENCH)
    second = save(mug, Texts(title="Grande tasse"), after=1)

    assert (first.version, second.version, second.state) == (1, 2, "DRAFT")
    assert services.get_content(key=mug).texts.title == "Grande tasse"
    assert services.get_content(key=mug, version=1).texts == FRENCH
    assert [entry.version for entry in services.content_history(key=mug)] == [2, 1]
    assert told() == ["pim.content.draft_saved.v1"] * 2


def test_the_same_texts_again_are_no_new_version(mug: ContentKey) -> None:
    save(mug, FRENCH)

    assert save(mug, FRENCH, after=1).version == 1
    assert len(told()) == 1


def test_html_that_can_run_is_not_kept(mug: ContentKey) -> None:
    evil = Texts(title="Tasse", description="<p>Une tasse</p><script>alert(1)</script>")

    assert save(mug, evil).texts.description == "<p>Une tasse</p>"
    assert save(mug, evil, after=1).version == 1


def test_a_later_save_must_say_what_it_follows(mug: ContentKey) -> None:
    save(mug, FRENCH)

    with pytest.raises(ContentVersionRequired):
        save(mug, Texts(title="X"))
    with pytest.raises(ContentChanged):
        save(mug, Texts(title="X"), after=7)
    assert services.get_content(key=mug).texts == FRENCH


def test_texts_of_no_locale_or_no_product_are_refused(mug: ContentKey) -> None:
    for locale in ("fr_FR", "french-language", "FR"):
        with pytest.raises(ContentInvalid):
            save(ContentKey(product_id=mug.product_id, locale=locale), FRENCH)
    with pytest.raises(ContentNotFound):
        save(ContentKey(product_id=new_id()), FRENCH)


def test_approved_texts_reach_the_product_by_event(
    mug: ContentKey, drain: Callable[..., Any]
) -> None:
    save(mug, FRENCH)
    assert approve(mug).state == "PUBLISHED"
    assert approve(mug).version == 1
    drain()

    product = catalog.get_products(ids=[mug.product_id])[mug.product_id]
    assert [(t.locale, t.title, t.bullets, t.version) for t in product.texts] == [
        ("fr", "Tasse", ("Bleue", "33 cl"), 1)
    ]
    assert product.title == "Mug"
    assert published()[-1].event_type == PRODUCT_UPDATED
    assert published()[-1].payload["changes"] == ["texts"]
    assert told().count("pim.content.published.v1") == 1


def test_a_later_draft_is_not_seen_until_it_is_approved(
    mug: ContentKey, drain: Callable[..., Any]
) -> None:
    save(mug, FRENCH)
    approve(mug)
    save(mug, Texts(title="Grande tasse"), after=1)
    drain()

    def title() -> str:
        return catalog.get_products(ids=[mug.product_id])[mug.product_id].texts[0].title

    assert title() == "Tasse"
    with pytest.raises(ContentChanged):
        approve(mug, version=1)
    approve(mug, version=2)
    drain()
    assert title() == "Grande tasse"


def test_older_texts_that_arrive_late_change_nothing(mug: ContentKey) -> None:
    new, old = (
        LocalizedText(locale="fr", channel="web", title=title, version=version)
        for title, version in (("Neuve", 2), ("Vieille", 1))
    )
    for text in (new, old, new):
        catalog.apply_texts(product_id=mug.product_id, text=text, now=now())
    catalog.apply_texts(product_id=new_id(), text=new, now=now())

    texts = catalog.get_products(ids=[mug.product_id])[mug.product_id].texts
    assert [text.title for text in texts] == ["Neuve"]
    assert [event.event_type for event in published()].count(PRODUCT_UPDATED) == 1


def test_texts_of_the_default_locale_become_the_products_own(
    mug: ContentKey, drain: Callable[..., Any], api: JsonClient
) -> None:
    key = replace(mug, locale="en")
    save(key, Texts(title="Enamel mug", seo_title="Mugs"))
    approve(key)
    drain()

    api.force_authenticate(user=EDITOR)
    seen = api.json_of("GET", f"/api/v1/products/{mug.product_id}", status=200)
    assert (seen["title"], seen["description"], seen["seoTitle"]) == ("Enamel mug", "A mug", "Mugs")
    assert published()[-1].payload["changes"] == ["texts", "title", "seo_title"]


def test_what_the_product_says_of_itself_later_is_what_shoppers_see(
    mug: ContentKey, drain: Callable[..., Any]
) -> None:
    key = replace(mug, locale="en")
    save(key, Texts(title="Enamel mug", bullets=("Blue",)))
    approve(key)
    drain()
    catalog.update_product(
        product_id=mug.product_id, changes={"title": "Cup"}, expected_version=None, now=now()
    )

    found = {t.field: (t.value, t.rule) for t in services.resolve_content(key=key)}

    assert (found["title"], found["bullets"]) == (("Cup", "product"), (("Blue",), "own"))


def test_the_texts_of_all_products_are_rebuilt_from_the_log(
    mug: ContentKey, drain: Callable[..., Any]
) -> None:
    save(mug, FRENCH)
    approve(mug)
    drain()
    product = catalog.get_products(ids=[mug.product_id])[mug.product_id]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_localizedtext")

    call_command("replay", "catalog.localized_texts")

    assert catalog.get_products(ids=[mug.product_id])[mug.product_id] == product


def test_nothing_is_not_published(mug: ContentKey) -> None:
    save(mug, Texts())

    with pytest.raises(NothingToPublish):
        approve(mug)


@pytest.mark.parametrize("table", ["pim_contentversion", "pim_publication"])
def test_the_database_keeps_the_history(mug: ContentKey, table: str) -> None:
    save(mug, FRENCH)
    approve(mug)

    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET version = 9")


def test_texts_for_a_channel_that_does_not_exist_are_refused(
    mug: ContentKey, api: JsonClient
) -> None:
    api.force_authenticate(user=EDITOR)
    url = f"/api/v1/pim/products/{mug.product_id}/content"

    refused = api.json_of("PUT", url, {"title": "Mug", "channel": "fax"}, status=422)

    assert [fault["pointer"] for fault in refused["errors"]] == ["/channel"]
    assert told() == []


def test_each_field_falls_back_by_itself_and_says_where_it_came_from(mug: ContentKey) -> None:
    def publish(locale: str, channel: str, texts: Texts) -> None:
        key = ContentKey(product_id=mug.product_id, locale=locale, channel=channel)
        save(key, texts)
        approve(key)

    channel = replace(accounts.get_channel("web"), code="app", name="App")
    accounts.save_channel(channel)
    TtlCache.clear_all()
    publish("de-AT", "app", Texts(title="Häferl"))
    publish("de", "app", Texts(title="Becher", bullets=("Blau",)))
    publish("en", "app", Texts(seo_title="Mug!"))
    publish("de", "web", Texts(seo_description="Ein Becher"))
    key = ContentKey(product_id=mug.product_id, locale="de-AT", channel="app")

    found = {t.field: (t.value, t.rule, t.locale) for t in services.resolve_content(key=key)}

    assert found == {
        "title": ("Häferl", "own", "de-AT"),
        "bullets": (("Blau",), "locale-fallback", "de"),
        "seo_title": ("Mug!", "default-locale", "en"),
        "seo_description": ("Ein Becher", "channel-fallback", "de"),
        "description": ("A mug", "product", None),
    }


def test_texts_are_edited_and_approved_over_http(mug: ContentKey, api: JsonClient) -> None:
    url = f"/api/v1/pim/products/{mug.product_id}"
    body = {"locale": "fr", "title": "Tasse", "bullets": ["Bleue"]}
    api.json_of("PUT", f"{url}/content", body, status=401)
    api.force_authenticate(user=EDITOR)
    api.json_of("GET", f"{url}/content?locale=fr", status=404)

    saved = api.put(f"{url}/content", body)
    assert (saved.status_code, saved["ETag"]) == (200, '"1"')
    api.json_of("PUT", f"{url}/content", {**body, "title": "X"}, status=428)
    stale = {"If-Match": '"9"'}
    api.json_of("PUT", f"{url}/content", {**body, "title": "X"}, status=412, headers=stale)
    live = api.json_of("POST", f"{url}/workflow/approve", {"locale": "fr"}, status=200)
    assert (live["state"], live["publishedVersion"]) == ("PUBLISHED", 1)
    again = api.json_of("GET", f"{url}/content?locale=fr&version=1", status=200)
    assert again == live
    versions = api.json_of("GET", f"{url}/content/versions?locale=fr", status=200)["results"]
    assert [entry["publishedBy"] for entry in versions] == [str(EDITOR.user_id)]
    seen = api.json_of("GET", f"{url}/content/resolved?locale=fr-BE", status=200)["results"]
    assert (seen[0]["value"], seen[0]["rule"]) == ("Tasse", "locale-fallback")
    assert {text["field"] for text in seen} < saved.json().keys(), (
        "each by the name it is saved under"
    )
    api.json_of("GET", f"{url}/content/resolved?locale=x_y", status=422)
