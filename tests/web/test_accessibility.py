"""axe-core finds nothing on any page: light and dark, on a desk and on a phone."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from devtool.testkit.deployment import Deployment
from tests.estates import OWNER, oid, shop
from tests.web.browser import launched, opened_in
from tests.web.front_door import sign_in, standing

SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A service with a front door, and a graph with boxes and findings."""
    with standing(tmp_path_factory.mktemp("door"), shop()) as deployment:
        deployment.post(oid(1), OWNER, type="infra")
        deployment.wait(oid(1))
        yield deployment


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of this file."""
    with launched() as browser:
        yield browser


def findings(page: Page, where: str) -> list[str]:
    """What axe-core finds, as ``where: rule: element``."""
    found = Axe().run(page).response["violations"]
    return [f"{where}: {one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, service: Deployment, colours: str, size: str) -> None:
    view = service.url + service.state(oid(1))["links"]["view"]
    shared = service.call("POST", f"/graph/{oid(1)}/shares", {"purpose": "embed"})[1]["links"]["embed"]
    with opened_in(browser, viewport=SIZES[size], color_scheme=colours) as page:
        wrong = []
        for where, path, ready in (
            ("login", "/", "button"),
            ("expired link", f"/view/{oid(1)}?expires=1&signature=x", "h1"),
            ("nothing there", "/nowhere", "h1"),
            ("embedded", shared, "img"),
        ):
            page.goto(service.url + path)
            page.locator(ready).first.wait_for()
            wrong += findings(page, where)
        page.goto(view)
        page.wait_for_selector("body[data-drawn]")
        wrong += findings(page, "view")
        box = page.locator("#picture g[data-id]:not([data-family])").first.get_attribute("data-id")
        page.keyboard.press("l")
        page.goto(f"{view}#select={box}&off=family:Database&query=o")
        page.locator("#details:not([hidden])").wait_for()
        page.locator("#needle").focus()
        wrong += findings(page, "view with its panels")
        page.goto(f"{view}#table=nodes")
        page.locator("#table[open]").wait_for()
        wrong += findings(page, "table")
        sign_in(page, service)
        page.locator("#graphs tbody a").wait_for()
        page.locator("#field").select_option("systems")
        wrong += findings(page, "front door")
        for where in ("workers", "jobs"):
            page.goto(f"{service.url}/rq/0/view/{where}")
            page.locator("#rows > *").first.wait_for()
            wrong += findings(page, f"dashboard's {where}")
    assert not wrong, "\n".join(wrong)
