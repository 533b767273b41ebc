"""The way of a person who has read nothing: from the address that a terminal shows to a colleague's window."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from playwright.sync_api import Browser, Page

#: Milliseconds that each step may take.
PATIENCE = 60_000


def walk(address: str, browser: Browser) -> Iterator[tuple[str, float]]:
    """Each step when it is done, and its seconds. Raises what Playwright does, and :class:`AssertionError`."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    began = perf_counter()
    page.goto(address)
    page.locator("#graphs tbody a").first.wait_for()
    yield "open the printed address, see the graphs", perf_counter() - began
    began = perf_counter()
    page.locator("#field").select_option("systems")
    chosen = page.locator("#things option").first
    name = chosen.inner_text()
    page.locator("#things").select_option(label=name)
    page.get_by_role("button", name="Draw", exact=True).click()
    page.wait_for_url("**/view/**")
    yield f"choose the system {name} in the form", perf_counter() - began
    began = perf_counter()
    page.wait_for_selector("body[data-drawn]")
    yield "see it drawn", perf_counter() - began
    began = perf_counter()
    selected = opened(page)
    yield f"open the details of {selected}", perf_counter() - began
    began = perf_counter()
    page.click("#copy")
    page.locator("#notice", has_text="The link is copied").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    yield "copy the link", perf_counter() - began
    began = perf_counter()
    with browser.new_context(viewport={"width": 390, "height": 844}) as elsewhere:
        other = elsewhere.new_page()
        other.set_default_timeout(PATIENCE)
        other.goto(link)
        other.locator("#details-name", has_text=selected).wait_for()
        assert other.locator("svg .boundaries").count() == page.locator("svg .boundaries").count()
        yield "open it in another browser, on a phone", perf_counter() - began
    context.close()


def opened(page: Page) -> str:
    """Click the first thing drawn; what its panel is called."""
    area = page.locator("#picture .boundaries").first.bounding_box()
    assert area is not None
    page.mouse.click(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    page.locator("#details:not([hidden])").wait_for()
    return page.inner_text("#details-name")
