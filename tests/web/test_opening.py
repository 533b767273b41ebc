"""Parts of an overview are opened over REST and in the viewer, by whoever may read the graph."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from devtool.testkit.deployment import Deployment, deployed
from tests.estates import OTHER, OWNER, application, oid
from tests.web.browser import opened

TEAMS, MEMBERS = 8, 12


def teams() -> list[dict[str, object]]:
    """Applications of teams that mostly call their own, and of each the next team's first."""

    def called(team: int, member: int) -> list[int]:
        own = [100 * team + (member + step) % MEMBERS for step in (1, 2)]
        return own if member else [*own, 100 * ((team + 1) % TEAMS)]

    return [
        application(
            1_000 + 100 * team + member,
            *(1_000 + number for number in called(team, member)),
            name=f"Team{team:02} service {member}",
            system=[{"_id": oid(50 + team), "name": f"Team{team:02}"}],
        )
        for team in range(TEAMS)
        for member in range(MEMBERS)
    ]


@pytest.fixture(scope="module")
def service() -> Iterator[Deployment]:
    """An overview of teams, another owner's graph, and one of a type without parts."""
    with deployed({"applications": [*teams(), application(1, owner=OTHER, name="Alone")]}) as deployment:
        deployment.start_web()
        deployment.start_workers(1)
        deployment.post(oid(1), OWNER, detail="overview")
        deployment.post(oid(2), OTHER)
        deployment.post(oid(3), OWNER, type="infra")
        for number in (1, 2, 3):
            deployment.wait(oid(number))
        yield deployment


def test_a_part_is_opened_by_its_name_and_by_a_member(service: Deployment) -> None:
    link = service.state(oid(1))["links"]["inside"]
    status, body, _ = service.call("GET", f"{link}&part=Team03", token="")
    assert status == 200, body
    assert body["scope"] == f"Inside Team03: {MEMBERS} of {TEAMS * MEMBERS} things"
    names = {node["name"]: node["kind"] for node in body["details"]["nodes"]}
    assert {name for name, kind in names.items() if kind == "application"} == {
        f"Team03 service {member}" for member in range(MEMBERS)
    }
    assert {"Team02", "Team04"} <= {name for name, kind in names.items() if kind == "outside"}
    assert body["svg"].startswith("<svg ")
    assert service.call("GET", f"{link}&part={oid(1_305)}", token="")[1] == body


def test_what_is_not_there_or_not_theirs_is_refused(service: Deployment) -> None:
    link = service.state(oid(1))["links"]["inside"]
    status, body, _ = service.call("GET", f"{link}&part=Team3", token="")
    assert (status, "Team03" in body["message"]["part"]) == (404, True), "the nearest names are told"
    assert service.call("GET", link, token="")[0] == 400
    assert service.call("GET", f"{link}&part={'x' * 300}", token="")[0] == 400
    assert service.call("GET", f"/graph/{oid(1)}/inside?part=Team03", token="")[0] == 401
    others = service.state(oid(2))["links"]["self"].partition("?")[2]
    assert service.call("GET", f"/graph/{oid(1)}/inside?part=Team03&{others}", token="")[0] == 401
    assert service.call("GET", f"/graph/{oid(2)}/inside?part=Team03")[0] == 404
    assert "inside" not in service.state(oid(3))["links"]
    assert service.call("GET", f"/graph/{oid(3)}/inside?part=Team03")[0] == 404


def show(page: Page, service: Deployment, state: str = "") -> Page:
    page.goto("about:blank")
    page.goto(service.url + service.state(oid(1))["links"]["view"] + state)
    page.wait_for_selector("body[data-drawn]")
    return page


def here(page: Page, part: str) -> None:
    page.locator("#trail-here", has_text=f"Inside {part}: {MEMBERS} of {TEAMS * MEMBERS} things").wait_for()


def test_the_viewer_opens_a_part_and_finds_back(service: Deployment) -> None:
    with opened(viewport={"width": 1440, "height": 900}) as page:
        show(page, service)
        page.fill("#needle", "Team03")
        page.keyboard.press("Enter")
        selected = page.url
        page.get_by_role("button", name="Open it").click()
        here(page, "Team03")
        assert page.locator("#picture g[data-family]", has_text="service 7").count() == 1
        assert not page.is_visible("#details")
        assert Axe().run(page).response["violations"] == []
        link = page.url
        assert "inside=" in link
        page.go_back()
        page.locator("#details-name", has_text="Team03").wait_for()
        page.wait_for_selector("#trail", state="hidden")
        assert page.url == selected
        page.locator("#stage").focus()
        page.keyboard.press("o")
        here(page, "Team03")
        page.fill("#needle", "Team04")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Open it").click()
        here(page, "Team04")
        page.locator("#trail-root").click()
        page.wait_for_selector("#trail", state="hidden")
        assert "inside=" not in page.url
    with opened(viewport={"width": 390, "height": 844}) as page:
        page.goto(link)
        here(page, "Team03")
        show(page, service, "#inside=Nobody")
        assert "No part of the overview is called 'Nobody'" in page.inner_text("#notice")
        assert page.locator("#picture g[data-family]", has_text="Team03").count() == 1


def crowd(number: int, size: int) -> list[dict[str, object]]:
    """Applications of one system in chains of ten, the first of each called by the first of all."""
    heads = [number + place for place in range(10, size, 10)]
    return [
        application(
            number + place,
            *(heads if not place else [number + place + 1] if (place + 1) % 10 else []),
            name=f"Crowd {place}",
            system=[{"_id": oid(49), "name": "Crowd"}],
        )
        for place in range(size)
    ]


def test_a_part_that_was_opened_opens_further_and_one_part_up() -> None:
    documents = {"applications": [*teams(), *crowd(5_000, 120)]}
    with deployed(documents) as deployment:
        deployment.start_web()
        deployment.start_workers(1)
        deployment.post(oid(1), OWNER, detail="overview")
        deployment.wait(oid(1))
        with opened(viewport={"width": 1440, "height": 900}) as page:
            show(page, deployment, "#inside=Crowd")
            page.locator("#trail-here", has_text="Inside Crowd: 120 of").wait_for()
            assert not page.is_visible("#trail-up")
            parts = deployment.call("GET", f"/graph/{oid(1)}/inside?part=Crowd")[1]["details"]["nodes"]
            part = next(one for one in parts if len(one["members"]) > 1)
            page.fill("#needle", part["name"])
            page.keyboard.press("Enter")
            page.get_by_role("button", name="Open it").click()
            said = f"{len(part['members'])} of {120 + TEAMS * MEMBERS} things"
            page.locator("#trail-here", has_text="Inside Crowd › ").wait_for()
            assert page.inner_text("#trail-here").endswith(said)
            assert Axe().run(page).response["violations"] == []
            page.get_by_role("button", name="One part up").click()
            page.locator("#trail-here", has_text="Inside Crowd: 120 of").wait_for()
