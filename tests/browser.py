"""The back office in a real browser: Debian's Chromium, driven by playwright."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = "NOT TESTED: there is no chromium here (Debian: apt-get install chromium)"
PICTURES = os.environ.get("SHOP_SCREENSHOTS", "")
"""A folder that keeps a picture of every page that is looked at."""

_SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


_CURVES = """() => [...document.querySelectorAll("canvas.chart")].map(canvas =>
    Object.fromEntries(Chart.getChart(canvas).data.datasets.map(
        curve => [curve.label, curve.data.filter(value => value !== null).length])))"""


class BackOffice:
    """The admin as one person sees it. ``problems`` is what went wrong on any of the pages."""

    def __init__(self, page: Page, shop: str) -> None:
        self.page = page
        self.shop = shop
        self.problems: list[str] = []
        self._pictures = 0
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self._note("error", str(error)))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def sign_in(self, email: str, password: str) -> None:
        self.page.goto(f"{self.shop}/admin/")
        self.page.fill("input[name=username]", email)
        self.page.fill("input[name=password]", password)
        self.page.click("button[type=submit]")
        expect(
            self.page.locator("#user-tools, [aria-label='Breadcrumbs'], #content")
        ).not_to_have_count(0)

    def open(self, path: str) -> None:
        """A page of inventory, as ``purchaseorder/add/``."""
        self.page.goto(f"{self.shop}/admin/inventory/{path}")
        self.look()

    def start(self) -> None:
        """The first page: what waits for somebody."""
        self.page.goto(f"{self.shop}/admin/")
        self.look()

    def press(self, button: str) -> None:
        """Press a button on a row's page and say yes to what it asks."""
        self.page.get_by_role("link", name=button, exact=True).click()
        self.say_yes(button)

    def ask(self, button: str) -> Any:
        """Press a button on a row's page; its dialog, to be filled in."""
        self.page.get_by_role("link", name=button, exact=True).click()
        dialog = self.page.locator("#dialog")
        expect(dialog).to_be_visible()
        self.look()
        return dialog

    def say_yes(self, button: str) -> None:
        dialog = self.page.locator("#dialog")
        expect(dialog).to_be_visible()
        self.look()
        with self.page.expect_navigation():
            dialog.get_by_role("button", name=button, exact=True).click()
        self.look()

    def save(self, button: str = "Save and continue editing") -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).click()
        self.look()

    def follow(self, link: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=link).first.click()
        self.look()

    def sees(self, *texts: str | re.Pattern[str]) -> None:
        """The page says each of these."""
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)

    def charts(self) -> list[dict[str, int]]:
        """How many values each curve of the page's charts has, as drawn."""
        drawn: list[dict[str, int]] = self.page.evaluate(_CURVES)
        return drawn

    def look(self) -> None:
        """Keep a picture, where somebody wants to see them."""
        if PICTURES:
            self._pictures += 1
            test = os.environ["PYTEST_CURRENT_TEST"].split("::")[-1].split(" ")[0]
            self.page.wait_for_load_state("networkidle")
            self.page.screenshot(
                path=Path(PICTURES) / f"{test}-{self._pictures:02}.png", full_page=True
            )

    def _note(self, what: str, text: str) -> None:
        self.problems.append(f"{self.page.url}: {what}: {text}")

    def _listen(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self._note(
                f"console {message.type}", f"{message.text} {message.location.get('url', '')}"
            )

    def _failed(self, request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # what was left behind by going on
            self._note("failed", f"{request.url} {request.failure}")

    def _answered(self, response: Any) -> None:
        if response.status >= 400:
            self._note(str(response.status), response.url)


@contextmanager
def back_office(shop: str, *, email: str, password: str) -> Iterator[BackOffice]:
    """Someone who is signed in, in a browser of their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=list(_SWITCHES))
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.set_default_timeout(15_000)
            office = BackOffice(page, shop)
            office.sign_in(email, password)
            yield office
        finally:
            browser.close()
