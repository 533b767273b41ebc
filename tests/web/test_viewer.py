"""The viewer in a real browser: progress, camera, names, search, filters, details, tables, address, dark and phone."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, Route

from devtool.testkit.deployment import Deployment, deployed
from tests.estates import OTHER, OWNER, application, oid, shop
from tests.own_plugins import FORMATS, PICTURES
from tests.sure import sure
from tests.web.browser import launched, opened_in
from tests.web.standpoints import camera, middle

#: Applications of a graph in which what is on a tile is made only where it is seen.
VAST = 420


@pytest.fixture(scope="module")
def service() -> Iterator[Deployment]:
    """A deployment over the shop, with one graph drawn."""
    estate = shop()
    estate["clients"][0]["contacts"] = [{"channel": "Email", "value": "ada@shop.example"}]
    for server, seen in zip(estate["servers"], ("2026-03-31", "2026-01-01"), strict=True):
        server["updated_at"] = seen
    estate["applications"] += [
        application(1_000 + n, 1_000 + n // 2, owner=OTHER, name=f"Part {n}") for n in range(VAST)
    ]
    with deployed(estate) as deployment:
        deployment.start_web()
        deployment.start_workers(1)
        deployment.post(oid(1), OWNER)
        deployment.wait(oid(1))
        yield deployment


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of this file."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def browsed(browser: Browser) -> Iterator[Page]:
    """One window for all tests that need nothing special."""
    with opened_in(browser, viewport={"width": 1200, "height": 800}) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield page


@pytest.fixture
def page(browsed: Page, service: Deployment) -> Page:
    """The graph's page, opened anew by its signed link alone."""
    return show(browsed, service)


@pytest.fixture(scope="module")
def vast(service: Deployment) -> int:
    """The number of a graph of many nodes."""
    service.post(oid(9), OTHER, detail="full")
    assert service.wait(oid(9), 60)["counts"]["nodes"] == VAST
    return 9


def show(page: Page, service: Deployment, graph: int = 1, state: str = "") -> Page:
    """The page of a graph, drawn, with a state behind the # of its address."""
    page.goto("about:blank")
    page.goto(service.url + service.state(oid(graph))["links"]["view"] + (f"#{state}" if state else ""))
    page.wait_for_selector("body[data-drawn]")
    return page


@pytest.fixture(scope="module")
def infra(service: Deployment) -> int:
    """The number of a graph with boxes and findings."""
    service.post(oid(5), OWNER, type="infra")
    service.wait(oid(5))
    return 5


def faded(page: Page) -> int:
    return page.locator("#stage g[data-id][data-look='faded']").count()


def test_it_shows_the_diagram_the_state_and_every_stage(page: Page) -> None:
    page.wait_for_selector('#state[data-state="finished"]')
    assert page.locator("#stage .boundaries").count() == 3
    assert re.search(r"Business graph\s+Drawn in [\d.]+ s", page.inner_text("#state"))
    assert not page.is_visible("#progress"), "stages are for while it is drawn"
    page.click("#state")
    assert page.locator('#progress li[data-state="done"]').count() == 10
    assert "found" in page.inner_text("#counts")


def test_it_shows_what_was_found_and_when_things_were_seen(page: Page, service: Deployment, infra: int) -> None:
    state = service.state(oid(infra))
    assert {"single-host", "stale"} <= {one["code"] for one in state["findings"]}
    assert (state["statistics"]["newest"], state["statistics"]["stale"]) == ("2026-03-31", 1)
    show(page, service, infra)
    page.click("#state")
    assert "not seen in the 30 days before 2026-03-31: host-71" in page.inner_text("#findings")
    assert "not seen for long" in page.inner_text("#counts")


def test_hovering_a_node_or_a_line_tells_about_it(page: Page) -> None:
    page.mouse.move(*middle(page, 3))
    page.wait_for_selector("#tip:not([hidden])")
    assert page.inner_text("#tip strong") == "Orders"
    assert "Database" in page.inner_text("#tip")
    assert page.locator(f".marks .hovered [data-of='{oid(3)}']").count() == 1


def test_the_wheel_zooms_at_the_pointer_and_dragging_pans(page: Page) -> None:
    home = camera(page)
    x, y = middle(page, 2)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -400)
    near = camera(page)
    assert near[2] > home[2]
    assert middle(page, 2) == pytest.approx((x, y), abs=2)
    page.mouse.down()
    page.mouse.move(x - 80, y - 40, steps=4)
    page.mouse.up()
    after = camera(page)
    assert after == pytest.approx((near[0] - 80, near[1] - 40, near[2]), abs=0.1)
    page.keyboard.press("ArrowLeft")
    assert camera(page)[0] == pytest.approx(after[0] + 80, abs=0.1)
    page.click("#zoom-fit")
    assert camera(page) == pytest.approx(home, rel=0.001)
    page.keyboard.press("1")
    assert camera(page)[2] == 1.0


def test_the_deepest_zoom_shows_a_name_forty_pixels_high_and_plus_goes_towards_things(page: Page) -> None:
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    for _ in range(16):
        page.keyboard.press("+")
        page.wait_for_timeout(230)
    *_, scale = camera(page)
    names = page.locator("#picture g[data-family] text.am-l")
    sizes = names.evaluate_all("all => all.map(one => Number(one.getAttribute('font-size')))")
    assert min(sizes) * scale == pytest.approx(40, abs=0.5)
    seen = [middle(page, number) for number in (1, 2, 3)]
    assert any(0 < x < 1200 and 0 < y < 800 for x, y in seen), "it did not zoom into the empty"
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    assert page.is_visible("#minimap"), "most of it is out of sight"
    page.keyboard.press("0")
    camera(page)
    assert not page.is_visible("#minimap")


def test_search_lists_hits_and_enter_goes_from_one_to_the_next(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("rest")
    hits = page.locator("#hit-list li").all_inner_texts()
    assert [hit.split("\n")[0] for hit in hits] == ["Front door → Shop", "Shop → Orders"], "words of lines are found"
    page.keyboard.press("Enter")
    assert page.inner_text("#details-name") == "Front door → Shop"
    page.keyboard.press("Enter")
    assert (page.inner_text("#details-name"), page.inner_text("#hits")) == ("Shop → Orders", "2 of 2")
    page.keyboard.press("Shift+Enter")
    assert page.inner_text("#details-name") == "Front door → Shop"
    for text, name in ((oid(3), "Orders"), ("database", "Orders")):
        page.fill("#needle", text)
        page.keyboard.press("Enter")
        assert page.inner_text("#details-name") == name
    page.fill("#needle", "nothing of the kind")
    assert page.inner_text("#hits") == "nothing found"


def test_a_click_opens_details_whose_links_lead_on_by_keyboard_alone(page: Page) -> None:
    page.mouse.click(*middle(page, 2))
    details = page.inner_text("#details")
    for words in (
        "Shop",
        "Application",
        "Calls (1)",
        "Orders",
        "Called by (1)",
        "Front door",
        "rest",
        f"applications/{oid(2)}",
    ):
        assert words in details, words
    assert faded(page) == 0, "a click fades nothing"
    page.locator("#details .to", has_text="rest").first.focus()
    page.keyboard.press("Enter")
    assert page.inner_text("#details-name") == "Shop → Orders"
    assert "how it is known" in page.inner_text("#details")
    page.get_by_role("button", name="Orders", exact=True).first.focus()
    page.keyboard.press("Enter")
    assert page.inner_text("#details-name") == "Orders"
    page.keyboard.press("Escape")
    assert not page.is_visible("#details")


def test_details_name_the_clients_of_a_thing_and_how_they_are_reached(page: Page) -> None:
    page.mouse.click(*middle(page, 1))
    assert re.search(r"Clients \(1\)\s+Ada\s+Email\s+ada@shop.example", page.inner_text("#details"))


def test_focus_fades_what_is_not_up_or_downstream_and_the_words_of_its_lines(page: Page) -> None:
    page.mouse.click(*middle(page, 2))
    page.get_by_role("button", name="Upstream").click()
    assert faded(page) == 1
    lines = page.locator("#stage g[data-source]")
    unlit = page.locator("#stage [data-line][data-look='faded']")
    assert lines.count() == 2
    assert unlit.count() >= 2, "the line and its words"
    page.get_by_role("button", name="Downstream").click()
    page.select_option("#details select", "1")
    lit = page.locator("#stage g[data-id]:not([data-look])")
    assert lit.evaluate_all("all => all.map(one => one.dataset.id)") == [oid(2), oid(3)]


def test_the_way_between_two_things_is_shown(page: Page) -> None:
    page.mouse.click(*middle(page, 1))
    page.click("#path-to")
    page.fill("#needle", "Orders")
    page.keyboard.press("Enter")
    assert page.inner_text("#notice") == "Front door → Shop → Orders"
    assert f"to={oid(3)}" in page.url


def test_filters_stay_whatever_is_clicked_and_are_shown_as_chips(page: Page) -> None:
    page.keyboard.press("l")
    page.uncheck("#facets input[value='Database']")
    assert faded(page) == 1
    page.mouse.click(*middle(page, 2))
    assert faded(page) == 1, "a click takes no filter away"
    assert not page.is_checked("#facets input[value='Database']")
    page.check("#mode")
    assert not page.is_visible(f"[id='{oid(3)}']"), "hidden, not faded"
    assert "without Database" in page.inner_text("#chips")
    page.reload()
    page.wait_for_selector("body[data-drawn]")
    assert not page.is_visible(f"[id='{oid(3)}']"), "kept"
    page.click("#chips button")
    assert page.is_visible(f"[id='{oid(3)}']")


def test_the_address_is_the_state_and_the_back_button_works(page: Page, browser: Browser) -> None:
    page.mouse.click(*middle(page, 2))
    page.get_by_role("button", name="Close the details").click()
    page.go_back()
    assert page.inner_text("#details-name") == "Shop"
    page.fill("#needle", "orders")
    page.click("#theme")
    page.mouse.move(600, 400)
    page.mouse.wheel(0, -300)
    x, y, scale = camera(page)
    page.click("#copy")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    with opened_in(browser, viewport={"width": 1200, "height": 800}) as other:
        other.goto(link)
        other.wait_for_selector("body[data-drawn]")
        assert other.inner_text("#details-name") == "Shop"
        assert other.input_value("#needle") == "orders"
        assert other.get_attribute("html", "data-theme") == "dark"
        assert camera(other) == pytest.approx((x, y, scale), rel=0.01, abs=1)


def test_what_an_address_says_wrongly_is_passed_over(page: Page, service: Deployment) -> None:
    show(page, service, state="select=%3Cscript%3E&hops=-4&view=a,b&theme=pink&off=x&mode=&folded=none&to=none")
    assert not page.is_visible("#details")
    assert faded(page) == 0


def test_tables_are_sorted_and_saved_without_formulas(page: Page, service: Deployment) -> None:
    page.keyboard.press("t")
    assert page.locator("#table-body tbody tr").count() == 3
    page.click("#table-body th button:has-text('name')")
    page.click("#table-body th button:has-text('name')")
    assert page.locator("#table-body tbody th").all_inner_texts() == ["Shop", "Orders", "Front door"]
    with page.expect_download() as saving:
        page.click("#table-csv")
    rows = list(csv.reader(io.StringIO(Path(saving.value.path()).read_text(encoding="utf-8-sig"))))
    assert [row[0] for row in rows] == ["name", "Shop", "Orders", "Front door"]
    page.click("#table-tabs [data-table=lines]")
    assert "rest" in page.inner_text("#table-body")
    page.click("#table-tabs [data-table=words]")
    assert "calls Orders: rest" in page.inner_text("#table-body")
    page.keyboard.press("Escape")
    assert not page.is_visible("#table")
    guarded = page.evaluate(
        """async () => (await import("/static/viewer/table.js")).csv([["a"], [["=1+1"], ['say "x", y']]])"""
    )
    assert guarded.split("\r\n") == ["a", "'=1+1", '"say ""x"", y"']


def test_the_drawing_is_dark_where_the_page_is(page: Page) -> None:
    def colours() -> list[str]:
        found: list[str] = page.evaluate(
            """["#picture g[data-family] text", "#picture g[data-family] .am-c-tile, #picture .am-c-plate"]
            .map(one => getComputedStyle(document.querySelector(one)).fill)"""
        )
        return found

    bright = colours()
    page.click("#theme")
    page.wait_for_timeout(300)
    dark = colours()
    assert all(one != other for one, other in zip(bright, dark, strict=True))
    assert dark[0] == "rgb(238, 242, 246)"
    page.emulate_media(color_scheme="dark")
    page.click("#theme")
    page.wait_for_timeout(300)
    assert colours() == bright, "the page's own choice counts more than the screen's"
    page.emulate_media(color_scheme="light")


def test_boxes_fold_and_open_and_their_names_can_be_read(page: Page, service: Deployment, infra: int) -> None:
    show(page, service, infra)
    drawn = page.locator("#picture g[data-family]:visible").count()
    box = sure(page.locator("#picture g[data-id]:not([data-family])").first.get_attribute("data-id"))
    show(page, service, infra, f"select={box}")
    page.get_by_role("button", name="Fold it").click()
    assert page.locator("#picture g[data-family]:visible").count() < drawn
    assert f"folded={box}" in page.url
    page.get_by_role("button", name="Open it").click()
    assert page.locator("#picture g[data-family]:visible").count() == drawn


def test_a_screen_reader_is_told_of_every_node_line_and_finding(page: Page, service: Deployment, infra: int) -> None:
    def spoken() -> str:
        tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
        return "\n".join(str(node.get("name", {}).get("value", "")) for node in tree if not node.get("ignored"))

    page.wait_for_selector("#picture path[aria-label]:not(.boundaries)")
    words = spoken()
    for name in ("Front door, ", "Shop, ", "Orders, ", "Front door to Shop: rest", "Shop to Orders: rest"):
        assert name in words, name
    show(page, service, infra, "table=findings")
    words = spoken()
    for finding in service.state(oid(infra))["findings"]:
        assert finding["text"] in words


def test_fingers_pinch_tap_and_open_details_on_a_phone(browser: Browser, service: Deployment, infra: int) -> None:
    with opened_in(browser, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as page:
        show(page, service)
        *_, home = camera(page)
        touch = page.context.new_cdp_session(page)

        def fingers(kind: str, *points: tuple[int, int]) -> None:
            at = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

        fingers("touchStart", (150, 400), (240, 400))
        for far in (20, 40, 60):
            fingers("touchMove", (150 - far, 400), (240 + far, 400))
        fingers("touchEnd")
        *_, pinched = camera(page)
        assert pinched == pytest.approx(home * 210 / 90, rel=0.05)
        page.click("#zoom-fit")
        camera(page)
        x, y = middle(page, 2)
        page.touchscreen.tap(x, y)
        page.wait_for_selector("#details:not([hidden])")
        assert page.inner_text("#details-name") == "Shop"
        *_, before = camera(page)
        page.touchscreen.tap(100, 300)
        page.touchscreen.tap(100, 300)
        *_, after = camera(page)
        assert after == pytest.approx(before * 2, rel=0.01)
        show(page, service, infra)
        assert names_read(page) == (0, 0), "on a phone as well"


def names_read(page: Page) -> tuple[int, int]:
    """How many nodes and boxes have no name of ten pixels or more on the screen."""
    found: list[Any] = page.evaluate(
        """() => {
            const scale = Number(/scale\\(([\\d.]+)/.exec(document.getElementById("world").style.transform)[1]);
            const told = new Set([...document.querySelectorAll("#names .name")].map(name => name.dataset.of));
            const read = text => text && getComputedStyle(text).visibility !== "hidden"
                && Number(text.getAttribute("font-size")) * scale >= 10;
            const header = id => document.querySelector(`g[data-header="${id}"] text`);
            const things = [...document.querySelectorAll("#picture g[data-id]")].filter(one =>
                !told.has(one.dataset.id) && !read(one.querySelector("text") || header(one.dataset.id)));
            return [things.filter(one => one.dataset.family).length, things.filter(one => !one.dataset.family).length];
        }"""
    )
    return found[0], found[1]


def test_what_is_on_the_tiles_of_a_vast_drawing_is_made_where_it_is_seen(
    page: Page, service: Deployment, vast: int
) -> None:
    show(page, service, vast)
    camera(page)
    assert page.locator("#picture .boundaries").count() == VAST
    assert page.locator("#picture g[data-family] text").count() == 0
    assert page.locator("#names .name").count() > 20
    page.fill("#needle", "Part 77")
    page.keyboard.press("Enter")
    camera(page)
    named = page.locator(f"#picture g[data-id='{oid(1_077)}'] text", has_text="Part 77")
    assert named.count() == 1
    assert page.locator("#picture g[data-family] text").count() < VAST
    lines = page.locator("#picture g[data-source]").count()
    assert 0 < page.locator("#picture .conector_h").count() < lines, "lines are hit where they are seen"
    page.click("#zoom-fit")
    camera(page)
    assert named.count() == 0
    assert page.locator("#picture .conector_h").count() == 0


def test_a_vast_drawing_is_painted_before_its_lines_are_themselves_and_named(
    browser: Browser, service: Deployment, vast: int
) -> None:
    with opened_in(browser) as page:
        page.add_init_script("window.requestIdleCallback = act => (window.idle ||= []).push(act)")
        show(page, service, vast)
        page.wait_for_function("window.idle?.length > 1")
        together, alone = page.locator("#picture .together path"), page.locator("#picture .conector")
        assert (together.count() > 0, alone.first.is_visible()) == (True, False)
        page.evaluate("window.idle.forEach(act => act())")
        assert (together.count(), alone.first.is_visible()) == (0, True)
        assert alone.first.get_attribute("aria-label"), "and a screen reader is told of them"


@pytest.mark.parametrize("projection", ["flat", "isometric"])
def test_how_far_things_reach_is_read_as_the_browser_would_say(
    page: Page, service: Deployment, infra: int, projection: str
) -> None:
    show(page, service, infra, f"projection={projection}")
    wrong = page.evaluate(
        """async () => {
            const { extent } = await import("/static/viewer/extent.js");
            const far = path => { const [a, b] = [extent(path.getAttribute("d")), path.getBBox()];
                return Math.max(...["x", "y", "width", "height"].map(side => Math.abs(a[side] - b[side]))); };
            const paths = [...document.querySelectorAll("#picture .boundaries, #picture g[data-id] > path")];
            return [paths.length > 2, paths.filter(path => far(path) > 0.1).length];
        }"""
    )
    assert wrong == [True, 0]


def test_every_name_can_be_read_when_all_is_in_sight(page: Page, service: Deployment, infra: int) -> None:
    camera(page)
    assert names_read(page) == (0, 0)
    show(page, service, infra)
    camera(page)
    assert names_read(page) == (0, 0)


def test_a_drawing_is_painted_and_laid_out_anew_under_its_own_title(service: Deployment) -> None:
    service.post(oid(8), OWNER, title="Ours & theirs")
    service.wait(oid(8))
    kept = service.call("GET", f"/graph/{oid(8)}.svg")[1]
    dark = service.call("GET", f"/graph/{oid(8)}.svg?theme=dark")[1]
    flat = service.call("GET", f"/graph/{oid(8)}.svg?projection=flat&theme=auto")[1]
    assert [re.findall('class="(am[a-z]*-)svg"', one) for one in (kept, dark, flat)] == [["am-"], ["amd-"], ["ama-"]]
    assert all("Ours &amp; theirs</title>" in one for one in (kept, dark, flat))
    assert service.call("GET", f"/graph/{oid(8)}.svg?theme=light")[1] == kept
    assert service.call("GET", f"/graph/{oid(8)}.svg?theme=pink")[1] == kept


def test_the_page_needs_no_inline_script(page: Page, service: Deployment) -> None:
    headers = service.call("GET", service.state(oid(1))["links"]["view"], token="")[2]
    assert "script-src 'self';" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"


def test_a_graph_in_work_is_followed_until_it_is_drawn(browser: Browser, service: Deployment) -> None:
    service.servers["data"].arm("/servers", "hang", times=1, argument=2)
    service.post(oid(2), OWNER)
    with opened_in(browser) as page:
        page.goto(service.url + service.state(oid(2))["links"]["view"])
        page.wait_for_selector('#state[data-state="process"]')
        page.wait_for_selector('#state[data-state="finished"]', timeout=30_000)
        page.wait_for_selector("#stage svg .boundaries")


def test_the_drawing_is_saved_as_svg_as_png_and_for_other_programs(page: Page) -> None:
    page.click("#formats summary")
    names = page.locator("#formats li").all_inner_texts()
    offered = [form.title for form in FORMATS.values()] + [form.title for form in PICTURES.values()]
    assert sorted(names) == sorted(["SVG", *offered])
    # A browser takes ten files from a page by itself; the others are asked for at the addresses of their links.
    for name in names:
        link = page.locator("#formats").get_by_text(name, exact=True)
        if name in ("SVG", "PNG", "PDF"):
            with page.expect_download() as saving:
                link.click()
            data = Path(saving.value.path()).read_bytes()
        else:
            data = page.request.get(urljoin(page.url, str(link.get_attribute("href")))).body()
        if name == "PNG":
            assert data.startswith(b"\x89PNG"), data[:20]
            assert int.from_bytes(data[16:20]) > 1000, "wide enough to be read"
            assert len(data) > 20_000, "something is painted on it"
        elif name == "PDF":
            assert data.startswith(b"%PDF-")
        else:
            assert b"Front door" in data, name


def test_a_drawing_that_does_not_arrive_is_asked_for_again(browser: Browser, service: Deployment) -> None:
    asked = []

    def lose_the_first(route: Route) -> None:
        asked.append(route.request.url)
        route.abort() if len(asked) == 1 else route.continue_()

    with opened_in(browser) as page:
        page.route("**/graph/*.svg*", lose_the_first)
        page.goto(service.url + service.state(oid(1))["links"]["view"])
        page.wait_for_selector("#stage svg .boundaries")
    assert len(asked) == 2
