"""The viewer in a real browser: progress, drawing, tooltips, pan, zoom, search, focus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from devtool.testkit.deployment import Deployment, deployed
from tests.estates import OWNER, oid, shop
from tests.own_plugins import FORMATS, PICTURES
from tests.sure import sure
from tests.web.browser import opened


@pytest.fixture(scope="module")
def service() -> Iterator[Deployment]:
    """A deployment over the shop, with one graph drawn."""
    estate = shop()
    for server, seen in zip(estate["servers"], ("2026-03-31", "2026-01-01"), strict=True):
        server["updated_at"] = seen
    with deployed(estate) as deployment:
        deployment.start_web()
        deployment.start_workers(1)
        deployment.post(oid(1), OWNER)
        deployment.wait(oid(1))
        yield deployment


@pytest.fixture
def page(service: Deployment) -> Iterator[Page]:
    """The graph's page, opened by its signed link alone."""
    with opened() as page:
        page.goto(service.url + service.state(oid(1))["links"]["view"])
        page.wait_for_selector("#stage svg .boundaries")
        yield page


def box(page: Page) -> list[float]:
    return [float(n) for n in sure(page.get_attribute("#stage svg", "viewBox")).split()]


def middle(page: Page, node: int) -> tuple[float, float]:
    area = page.locator(f"[id='{oid(node)}']").bounding_box()
    assert area is not None
    return area["x"] + area["width"] / 2, area["y"] + area["height"] / 2


def test_it_shows_the_diagram_the_state_and_every_stage(page: Page) -> None:
    page.wait_for_selector('#state[data-state="finished"]')
    assert page.locator("#stage .boundaries").count() == 3
    assert page.locator('#progress li[data-state="done"]').count() == 10
    assert "found" in page.inner_text("#counts")


def test_it_shows_what_was_found_and_when_things_were_seen(service: Deployment) -> None:
    service.post(oid(5), OWNER, type="infra")
    service.wait(oid(5))
    state = service.state(oid(5))
    assert {"single-host", "stale"} <= {one["code"] for one in state["findings"]}
    assert (state["statistics"]["newest"], state["statistics"]["stale"]) == ("2026-03-31", 1)
    with opened() as page:
        page.goto(service.url + state["links"]["view"])
        page.wait_for_selector("#found li")
        assert "not seen in the 30 days before 2026-03-31: host-71" in page.inner_text("#findings")
        assert "not seen for long" in page.inner_text("#counts")


def test_hovering_a_node_tells_about_it(page: Page) -> None:
    page.mouse.move(*middle(page, 3))
    page.wait_for_selector("#tip:not([hidden])")
    assert page.inner_text("#tip strong") == "Orders"
    assert "Database" in page.inner_text("#tip")
    assert "glowing" in sure(page.get_attribute(f"[id='{oid(3)}']", "class"))


def test_the_wheel_zooms_at_the_pointer_and_dragging_pans(page: Page) -> None:
    home = box(page)
    x, y = middle(page, 2)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -400)
    page.wait_for_function(
        "w => Number(document.querySelector('#stage svg').getAttribute('viewBox').split(' ')[2]) < w", arg=home[2]
    )
    near = middle(page, 2)
    assert abs(near[0] - x) < 3
    assert abs(near[1] - y) < 3
    before = box(page)
    page.mouse.down()
    page.mouse.move(x - 80, y - 40, steps=4)
    page.mouse.up()
    after = box(page)
    assert after[0] > before[0]
    assert after[1] > before[1]
    assert after[2:] == before[2:]
    page.click("#zoom-fit")
    assert box(page) == pytest.approx(home, abs=0.02)


def test_search_marks_what_it_finds(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("order")
    assert page.inner_text("#hits") == "1 found"
    assert "found" in sure(page.get_attribute(f"[id='{oid(3)}']", "class"))


def test_a_click_leaves_in_colour_what_depends_on_what(page: Page) -> None:
    page.mouse.click(*middle(page, 2))
    assert "focused" in (page.get_attribute("#stage svg", "class") or "")
    assert page.locator("#stage g[data-id][data-faded='1']").count() == 0
    page.keyboard.press("Escape")
    assert "focused" not in (page.get_attribute("#stage svg", "class") or "")


def test_families_can_be_faded_out(page: Page) -> None:
    page.uncheck("#toggles input[value='Database']")
    assert page.locator("#stage g[data-id][data-faded='1']").count() == 1


def test_the_page_needs_no_inline_script(page: Page, service: Deployment) -> None:
    headers = service.call("GET", service.state(oid(1))["links"]["view"], token="")[2]
    assert "script-src 'self';" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"


def test_a_graph_in_work_is_followed_until_it_is_drawn(service: Deployment) -> None:
    service.servers["data"].arm("/servers", "hang", times=1, argument=2)
    service.post(oid(2), OWNER)
    with opened() as page:
        page.goto(service.url + service.state(oid(2))["links"]["view"])
        page.wait_for_selector('#state[data-state="process"]')
        page.wait_for_selector('#state[data-state="finished"]', timeout=30_000)
        page.wait_for_selector("#stage svg .boundaries")


def test_the_drawing_is_saved_as_svg_as_png_and_for_other_programs(page: Page) -> None:
    page.click("#formats summary")
    names = page.locator("#formats li").all_inner_texts()
    offered = [form.title for form in FORMATS.values()] + [form.title for form in PICTURES.values()]
    assert sorted(names) == sorted(["SVG", *offered])
    for name in names:
        with page.expect_download() as saving:
            page.get_by_text(name, exact=True).click()
        data = Path(saving.value.path()).read_bytes()
        if name == "PNG":
            assert data.startswith(b"\x89PNG"), data[:20]
            assert int.from_bytes(data[16:20]) > 1000, "wide enough to be read"
            assert len(data) > 20_000, "something is painted on it"
        elif name == "PDF":
            assert data.startswith(b"%PDF-")
        else:
            assert b"Front door" in data, name


def test_a_drawing_that_does_not_arrive_is_asked_for_again(service: Deployment) -> None:
    asked = []

    def lose_the_first(route: Route) -> None:
        asked.append(route.request.url)
        route.abort() if len(asked) == 1 else route.continue_()

    with opened() as page:
        page.route("**/graph/*.svg*", lose_the_first)
        page.goto(service.url + service.state(oid(1))["links"]["view"])
        page.wait_for_selector("#stage svg .boundaries")
    assert len(asked) == 2
