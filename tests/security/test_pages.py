"""Hostile names in a real browser: on the viewer, and pasted raw into a page as the Front does."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from typing import Any

import pytest

from analytics.drawing import check_drawing
from analytics.model.artifacts import Drawing
from devtool.testkit.deployment import Deployment, deployed
from devtool.testkit.faults.server import Request, Response, Server
from tests.estates import OWNER, application, oid, system
from tests.security.drawing import draw
from tests.security.hostile import TEXTS
from tests.sure import sure
from tests.web.browser import opened

NAMES = 300
#: Which things of the picture are hovered over; in the long run all of them are.
EVERY = 1 if "MAESTRO_TEST_EXAMPLES" in os.environ else 11


def hostile_estate() -> dict[str, list[dict[str, Any]]]:
    """Three hundred applications, every text of theirs hostile, mixed by a fixed seed."""
    dice = random.Random(7)

    def text() -> str:
        return "".join(dice.choice(TEXTS)[:80] for _ in range(dice.randint(1, 2))) or "x"

    apps = []
    for number in range(1, NAMES + 1):
        call = {"_id": oid(dice.randint(1, NAMES)), "name": text(), "endpoint": text(), "family": text()}
        place = {"_id": oid(900), "name": text(), "provider": text(), "region": text()}
        apps.append(
            application(
                number,
                name=text(),
                family=text(),
                language=text(),
                cluster=text(),
                provider=text(),
                environment=text(),
                deps=[call],
                datacenters=place,
                role={"endpoint": text()},
            )
        )
    return {"applications": apps, "systems": [system(5000, *range(1, NAMES + 1), name=text())]}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The viewer over a hostile inventory kept in a file."""
    path = tmp_path_factory.mktemp("hostile") / "inventory.json"
    path.write_text(json.dumps(hostile_estate()))
    with deployed({}, neighbours=False, file=path) as deployment:
        deployment.start_workers(1)
        deployment.start_web()
        deployment.post("hostile", OWNER, detail="full")
        assert deployment.wait("hostile", 60)["state"] == "finished"
        yield deployment


def test_the_viewer_shows_hostile_names_as_text(service: Deployment) -> None:
    with opened() as page:
        page.goto(service.url + service.state("hostile")["links"]["view"])
        page.wait_for_selector("#stage svg .boundaries")
        assert page.locator("#stage .boundaries").count() >= NAMES
        assert page.locator("#stage script, #stage img, #stage iframe, #stage foreignObject, #stage a").count() == 0
        hovered = page.evaluate(
            """async every => {
                const things = [...document.querySelectorAll("#stage .boundaries, #stage .conector_h")];
                for (const thing of things.filter((_, number) => number % every === 0)) {
                    const at = {bubbles: true, clientX: 300, clientY: 300, pointerId: 1};
                    thing.dispatchEvent(new PointerEvent("pointermove", at));
                    await new Promise(shown => requestAnimationFrame(shown));
                    for (const kind of ["pointerdown", "pointerup"]) thing.dispatchEvent(new PointerEvent(kind, at));
                }
                return things.length;
            }""",
            EVERY,
        )
        assert hovered >= 2 * NAMES, "a node and a line each"
        page.keyboard.press("/")
        page.keyboard.type("<script")
        page.wait_for_timeout(300)
        assert page.evaluate("document.querySelectorAll('script').length") == 1
        assert page.evaluate("window.__proto__.alerted === undefined")


def test_a_page_that_pastes_the_drawing_raw_gains_nothing_but_the_drawing() -> None:
    svg = sure(draw(hostile_estate(), "business", "full").artifact(Drawing)).svg
    check_drawing(svg)
    page_text = f"<!DOCTYPE html><html><head><title>front</title></head><body><div id=host>{svg}</div></body></html>"

    def respond(request: Request) -> Response:
        return Response(200, page_text, (("Content-Type", "text/html; charset=utf-8"),))

    with Server(respond) as server, opened() as page:
        page.goto(server.url)
        page.wait_for_timeout(500)
        assert page.title() == "front"
        assert server.paths().count("/") == 1
        assert [path for path in server.paths() if path not in ("/", "/favicon.ico")] == []
        foreign = page.evaluate(
            "[...document.querySelectorAll('*')].filter(e => !e.closest('#graph')).map(e => e.tagName.toLowerCase())"
        )
        assert sorted(foreign) == ["body", "div", "head", "html", "title"]
        allowed = {"svg", "title", "desc", "metadata", "defs", "style", "symbol", "g", "path", "use", "text", "tspan"}
        allowed |= {"rect", "polygon", "circle", "ellipse", "line", "polyline", "marker"}
        inside = page.evaluate("[...document.querySelectorAll('#graph, #graph *')].map(e => e.tagName.toLowerCase())")
        assert set(inside) <= allowed
        attributes = page.evaluate(
            "[...new Set([...document.querySelectorAll('#graph *')].flatMap(e => e.getAttributeNames()))]"
        )
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "href", "formaction")]
