"""HTML that others wrote, made safe to show: text, tables, links and pictures stay, whatever can run goes."""

import nh3

_cleaner = nh3.Cleaner()
_plain = nh3.Cleaner(tags=set())
_ROUNDS = 50


def safe_html(text: str) -> str:
    """The text with harmless markup only; cleaning it again changes nothing.

    A text without a ``<`` has no markup and stays as it is, to the letter. Parsing what was cleaned may
    move elements about once more (HTML's repair of trees; a newline behind ``<pre>`` goes each time), so
    it is repeated until it rests, or else left without any markup.
    """
    if "<" not in text:
        return text
    for _ in range(_ROUNDS):
        before, text = text, _cleaner.clean(text)
        if text == before:
            return text
    return _plain.clean(text)
