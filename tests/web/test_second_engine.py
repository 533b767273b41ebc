"""What matters most on the pages works in Firefox as well: one window, one service, one action after the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from devtool.testkit.deployment import Deployment
from tests.estates import OWNER, oid, shop
from tests.web.browser import firefox, opened_in
from tests.web.front_door import sign_in, standing
from tests.web.standpoints import camera, middle

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Firefox for all tests of this file; it is looked for before anything is started."""
    with firefox() as browser:
        yield browser


@pytest.fixture(scope="module")
def service(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A service over the shop, with a front door, and one graph drawn."""
    with standing(tmp_path_factory.mktemp("door"), shop()) as deployment:
        deployment.post(oid(1), OWNER)
        deployment.wait(oid(1))
        yield deployment


@pytest.fixture(scope="module")
def browsed(browser: Browser) -> Iterator[Page]:
    """One window for all tests that need nothing special."""
    with opened_in(browser, viewport=DESK) as page:
        yield page


@pytest.fixture
def page(browsed: Page, service: Deployment) -> Page:
    """The graph's page, opened anew."""
    return show(browsed, service)


def show(page: Page, service: Deployment, state: str = "") -> Page:
    page.goto("about:blank")
    page.goto(service.url + service.state(oid(1))["links"]["view"] + (f"#{state}" if state else ""))
    page.wait_for_selector("body[data-drawn]")
    return page


def test_it_pans_and_zooms_by_mouse_and_by_keys(page: Page) -> None:
    home = camera(page)
    x, y = middle(page, 2)
    page.mouse.move(x, y)
    page.mouse.wheel(0, 300)
    far = camera(page)
    assert far[2] < home[2]
    assert middle(page, 2) == pytest.approx((x, y), abs=2), "it zooms at the pointer"
    page.mouse.down()
    page.mouse.move(x - 80, y - 40, steps=4)
    page.mouse.up()
    dragged = camera(page)
    assert dragged == pytest.approx((far[0] - 80, far[1] - 40, far[2]), abs=0.1)
    page.keyboard.press("ArrowLeft")
    assert camera(page)[0] == pytest.approx(dragged[0] + 80, abs=0.1)
    page.keyboard.press("+")
    assert camera(page)[2] > far[2]
    page.keyboard.press("0")
    assert camera(page) == pytest.approx(home, rel=0.001)


def test_names_can_be_read_when_all_is_in_sight(page: Page) -> None:
    camera(page)
    read = page.locator("#names .name, #picture g[data-family] text:visible").all_text_contents()
    for name in ("Front door", "Shop", "Orders"):
        assert any(name in text for text in read), name


def test_search_and_enter_go_from_hit_to_hit(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("rest")
    page.keyboard.press("Enter")
    assert page.inner_text("#details-name") == "Front door → Shop"
    page.keyboard.press("Enter")
    assert (page.inner_text("#details-name"), page.inner_text("#hits")) == ("Shop → Orders", "2 of 2")
    page.keyboard.press("Shift+Enter")
    assert page.inner_text("#details-name") == "Front door → Shop"


def test_filters_hide_and_are_kept(page: Page) -> None:
    page.keyboard.press("l")
    page.uncheck("#facets input[value='Database']")
    page.check("#mode")
    assert not page.is_visible(f"[id='{oid(3)}']")
    assert "without Database" in page.inner_text("#chips")
    page.reload()
    page.wait_for_selector("body[data-drawn]")
    assert not page.is_visible(f"[id='{oid(3)}']")
    page.click("#chips button")
    assert page.is_visible(f"[id='{oid(3)}']")


def test_details_open_by_a_click_lead_on_by_keyboard_and_the_way_back_is_the_back_button(page: Page) -> None:
    page.mouse.click(*middle(page, 2))
    assert "Calls (1)" in page.inner_text("#details")
    page.locator("#details .to", has_text="rest").first.focus()
    page.keyboard.press("Enter")
    assert page.inner_text("#details-name") == "Shop → Orders"
    page.go_back()
    page.get_by_role("heading", name="Shop", exact=True).wait_for()
    page.get_by_role("button", name="Upstream").click()
    assert page.locator("#stage g[data-id][data-look='faded']").count() == 1
    page.keyboard.press("Escape")
    assert not page.is_visible("#details")


def test_a_copied_link_shows_a_phone_the_same(page: Page, browser: Browser) -> None:
    page.mouse.click(*middle(page, 2))
    page.click("#theme")
    page.click("#copy")
    page.locator("#notice:not(:empty)").wait_for()
    link = page.url
    theme = page.get_attribute("html", "data-theme")
    with opened_in(browser, viewport=PHONE) as other:
        other.goto(link)
        other.wait_for_selector("body[data-drawn]")
        assert other.inner_text("#details-name") == "Shop"
        assert other.get_attribute("html", "data-theme") == theme == "dark"
        assert other.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_tables_and_words_are_read_by_keyboard(page: Page) -> None:
    page.keyboard.press("t")
    assert page.locator("#table-body tbody tr").count() == 3
    page.click("#table-tabs [data-table=words]")
    assert "calls Orders: rest" in page.inner_text("#table-body")
    page.keyboard.press("Escape")
    assert not page.is_visible("#table")


def test_a_shared_picture_is_seen_in_a_page_that_frames_it(browser: Browser, service: Deployment) -> None:
    links = service.call("POST", f"/graph/{oid(1)}/shares", {"purpose": "embed"})[1]["links"]
    with opened_in(browser, viewport=DESK) as page:
        page.goto(service.url + links["embed"])
        assert page.evaluate("document.images[0].decode().then(() => document.images[0].naturalWidth)") > 100


def test_the_front_door_draws_what_is_chosen(browser: Browser, service: Deployment) -> None:
    with opened_in(browser, viewport=DESK) as page:
        sign_in(page, service)
        page.locator("#graphs tbody a").wait_for()
        page.locator("#field").select_option("systems")
        page.locator("#things").select_option(label="Shop")
        page.get_by_role("button", name="Draw", exact=True).click()
        page.wait_for_selector("svg .boundaries")
        page.goto(service.url)
        page.locator("#graphs tbody a", has_text="Shop").wait_for()
