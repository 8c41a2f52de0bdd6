"""Markup that others wrote is shown, what it could run is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.html import safe_html

PIECES = st.sampled_from(
    ["<p>", "</p>", "<table>", "<td>", "<a href='x'>", "<b>", "</b>", "<svg>", "<style>", "<!--", "-->",
     "<math>", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;", "text", "<", "\r\n"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("<p>Soft</p><script>alert(1)</script>", "<p>Soft</p>"),
        ('<img src="/a.png" onerror="alert(1)">', '<img src="/a.png">'),
        ('<p style="position:fixed" onclick="x()">Soft</p>', "<p>Soft</p>"),
        (
            '<a href="javascript:alert(1)">Here</a>',
            '<a rel="noopener noreferrer">Here</a>',
        ),
        ("<iframe src='https://x.example'></iframe>", ""),
        ("<table><tbody><tr><td>33 cl</td></tr></tbody></table>",) * 2,
        ("Salt & pepper,\r\n5 > 4",) * 2,
    ],
)
def test_what_can_run_goes_and_the_rest_stays(given: str, shown: str) -> None:
    assert safe_html(given) == shown


@given(st.lists(PIECES, max_size=12).map("".join))
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    cleaned = safe_html(text)

    assert safe_html(cleaned) == cleaned
    assert "<script" not in cleaned
