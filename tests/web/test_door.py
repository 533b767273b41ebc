"""The front door, as an operator uses it, and as somebody who is none."""

import http.client
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Route

from analytics.settings import read
from analytics.web.session import once
from devtool.testkit.deployment import Deployment
from tests.estates import OTHER, OWNER, application, oid, system
from tests.web.browser import opened
from tests.web.front_door import SECRET, sign_in, standing

INVENTORY = {
    "systems": [system(50, 1, name="Shop")],
    "applications": [
        application(1, 2, name="Front door", system=[{"_id": oid(50), "name": "Shop"}]),
        application(2, name="Orders"),
        application(3, owner=OTHER, name="Canary"),
    ],
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A service on a file, without a Front: where graphs are asked for at the door."""
    with standing(tmp_path_factory.mktemp("door"), INVENTORY) as deployment:
        yield deployment


def test_a_stranger_signs_in_chooses_a_system_sees_it_drawn_and_copies_the_link(service: Deployment) -> None:
    with opened() as page:
        sign_in(page, service)
        page.locator("#owner-id").fill(OWNER)
        page.get_by_role("button", name="Show").click()
        page.locator("#none").wait_for()
        page.locator("#field").select_option("systems")
        page.locator("#things").select_option(label="Shop")
        page.get_by_role("button", name="Draw", exact=True).click()
        page.wait_for_selector("svg .boundaries")
        address = page.url
        page.goto(service.url)
        page.get_by_text("Drawn", exact=True).wait_for()
        assert page.locator("#graphs tbody a").all_inner_texts() == ["Shop"]
    with opened() as page:  # another browser, with the link alone
        page.goto(address)
        page.wait_for_selector("svg .boundaries")
        page.goto(service.url)
        assert page.get_by_role("button", name="Sign in").is_visible()


def test_a_late_answer_about_another_owner_changes_nothing(service: Deployment) -> None:
    held: list[Route] = []
    with opened() as page:
        sign_in(page, service)
        page.locator("#field").wait_for()
        page.route(f"**/door/owners/{OTHER}/choices", lambda route: held.append(route))
        for owner in (OTHER, OWNER):
            page.locator("#owner-id").fill(owner)
            page.get_by_role("button", name="Show").click()
        page.locator("#field").select_option("systems")
        page.locator("#things").select_option(label="Shop")
        with page.expect_response(f"**/door/owners/{OTHER}/choices"):
            held[0].continue_()
        page.evaluate("() => new Promise(requestAnimationFrame)")
        assert page.locator("#owner").input_value() == OWNER
        assert page.locator("#field").input_value() == "systems"
        assert page.locator("#things option:checked").all_inner_texts() == ["Shop"]


def test_a_graph_is_drawn_again_and_forgotten_with_its_links(service: Deployment) -> None:
    service.post(oid(60), OTHER)
    link = service.wait(oid(60))["links"]["view"]
    with opened() as page:
        sign_in(page, service)
        page.goto(f"{service.url}/?owner={OTHER}")
        page.get_by_role("button", name="Draw Everything again").click()
        page.get_by_text("It is drawn again.").wait_for()
        page.get_by_text("Drawn", exact=True).wait_for()
        page.evaluate("window.confirm = () => true")
        page.get_by_role("button", name="Forget Everything").click()
        page.locator("#none").wait_for()
    assert service.call("GET", f"/graph/{oid(60)}")[0] == 404
    assert service.call("GET", link, token="", headers={"Accept": "text/html"})[0] == 401


def test_nobody_else_gets_in(service: Deployment) -> None:
    for path in ("owners", f"owners/{OWNER}/graphs", f"owners/{OWNER}/choices"):
        assert service.call("GET", f"/door/{path}", token="")[0] == 401
        assert service.call("GET", f"/door/{path}", token="", headers={"Cookie": "am_session=9999999999.0"})[0] == 401
    assert service.call("DELETE", f"/door/owners/{OWNER}/graphs/{oid(1)}", token="")[0] == 401
    wrong = service.call("POST", "/login", token="", raw=b"user=ops&password=x", headers=form(service))
    assert wrong[0] == 401
    assert "Name or password is wrong." in wrong[1]


def test_another_site_changes_nothing_with_the_operators_cookie(service: Deployment) -> None:
    cookie = signed(service)
    service.post(oid(61), OWNER)
    service.wait(oid(61))
    path = f"/door/owners/{OWNER}/graphs/{oid(61)}"
    elsewhere = {"Cookie": cookie, "Origin": "https://evil.example"}
    assert service.call("DELETE", path, token="", headers=elsewhere)[0] == 403
    assert service.call("POST", f"{path}/redraw", token="", headers={"Cookie": cookie})[0] == 403
    login = form(service) | {"Origin": "https://evil.example"}
    assert service.call("POST", "/login", token="", raw=b"", headers=login)[0] == 403
    assert service.call("GET", f"/graph/{oid(61)}")[0] == 200


def test_a_graph_is_its_owners_alone(service: Deployment) -> None:
    service.post(oid(62), OTHER)
    service.wait(oid(62))
    mine = {"Cookie": signed(service), "Origin": service.url}
    listed = service.call("GET", f"/door/owners/{OWNER}/graphs", token="", headers=mine)[1]
    assert oid(62) not in [graph["id"] for graph in listed["graphs"]]
    choices = service.call("GET", f"/door/owners/{OWNER}/choices", token="", headers=mine)[1]
    assert "Canary" not in str(choices)
    assert service.call("DELETE", f"/door/owners/{OWNER}/graphs/{oid(62)}", token="", headers=mine)[0] == 404


def test_people_get_pages_and_programs_json(service: Deployment) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    status, body, headers = service.call("GET", "/view/nothing?expires=1&signature=x", token="", headers=browser)
    assert (status, headers["Content-Type"]) == (401, "text/html; charset=utf-8")
    assert "This link does not open it" in body
    assert service.call("GET", "/nowhere", token="", headers=browser)[1].startswith("<!DOCTYPE html>")
    assert service.call("GET", "/nowhere")[1]["error"] == "not_found"
    assert service.call("GET", "/")[1]["name"]


def test_the_word_of_a_terminal_signs_in_once(service: Deployment) -> None:
    settings = read(service.env)
    path = f"/login?word={once(settings)}"
    assert [fetched(service, path) for _ in range(2)] == [303, 200]
    assert fetched(service, f"/login?word={9999999999}.{'0' * 40}") == 200


def test_no_other_site_signs_an_operator_out(service: Deployment) -> None:
    elsewhere = form(service) | {"Origin": "https://evil.example"}
    assert service.call("POST", "/logout", token="", raw=b"", headers=elsewhere)[0] == 403


def fetched(service: Deployment, path: str) -> int:
    """The status of an answer, redirects not followed."""
    address = urlsplit(service.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port or 80, timeout=10)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


def form(service: Deployment) -> dict[str, str]:
    return {"Content-Type": "application/x-www-form-urlencoded", "Origin": service.url}


def signed(service: Deployment) -> str:
    """The operator's cookie, fetched without a browser, which would follow the answer's redirect."""
    address = urlsplit(service.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port or 80, timeout=10)
    connection.request("POST", "/login", f"user=ops&password={quote(SECRET)}", form(service))
    answer = connection.getresponse()
    assert answer.status == 303
    cookie = answer.getheader("Set-Cookie") or ""
    assert {"HttpOnly", "SameSite=Strict"} <= set(cookie.split("; "))
    connection.close()
    return cookie.partition(";")[0]
