"""Language tags: well-formed or refused, and how they fall back."""

import pytest

from ecommerce.locales import canonical, fallbacks, is_locale, text_places


@pytest.mark.parametrize(
    ("tag", "usual"),
    [
        ("EN", "en"),
        ("pt-br", "pt-BR"),
        ("ZH-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("de-CH-1996", "de-CH-1996"),
        ("sl-ROZAJ", "sl-rozaj"),
    ],
)
def test_a_tag_has_one_usual_writing(tag: str, usual: str) -> None:
    assert canonical(tag) == usual
    assert is_locale(usual)
    assert is_locale(tag) == (tag == usual)


@pytest.mark.parametrize(
    "tag", ["", "e", "en_US", "en-", "-en", "english-language", "de-DEU-x", "d€"]
)
def test_what_is_no_tag_is_refused(tag: str) -> None:
    assert canonical(tag) is None
    assert not is_locale(tag)


def test_a_tag_falls_back_to_wider_ones() -> None:
    assert fallbacks("zh-Hant-TW") == ("zh-Hant-TW", "zh-Hant", "zh")
    assert fallbacks("en") == ("en",)
    assert fallbacks("") == ()


def test_a_text_is_looked_for_in_wider_locales_then_the_default_one_then_the_default_channel() -> (
    None
):
    assert text_places("de-AT", "app") == (
        ("de-AT", "app"),
        ("de", "app"),
        ("en", "app"),
        ("de-AT", "web"),
        ("de", "web"),
        ("en", "web"),
    )
    assert text_places("en", "web") == (("en", "web"),)
    assert text_places("", "web") == (("en", "web"),)
