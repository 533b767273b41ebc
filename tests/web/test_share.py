"""Shared pictures: for their purpose, until their end; revoked one by one, with a graph's links, with an owner's."""

from collections.abc import Iterator

import pytest

from devtool.testkit.deployment import Deployment, deployed
from tests.estates import OWNER, application, oid

ADDRESS = "10.1.2.3"


@pytest.fixture(scope="module")
def service() -> Iterator[Deployment]:
    documents = {"applications": [application(1, name="Front door", role={"role": "x", "endpoint": ADDRESS})]}
    with deployed(documents) as deployment:
        deployment.start_web()
        deployment.start_workers(1)
        deployment.post(oid(70), OWNER)
        deployment.wait(oid(70))
        yield deployment


def shared(service: Deployment, **wanted: object) -> dict[str, object]:
    status, body, _ = service.call("POST", f"/graph/{oid(70)}/shares", wanted)
    assert status == 201, body
    return dict(body)


def links(service: Deployment, **wanted: object) -> dict[str, str]:
    return shared(service, **wanted)["links"]  # type: ignore[return-value]


def opens(service: Deployment, path: str) -> int:
    return service.call("GET", path, token="")[0]


def test_an_image_is_opened_by_its_address_alone_and_is_no_page(service: Deployment) -> None:
    found = links(service)
    status, body, headers = service.call("GET", found["svg"], token="")
    assert (status, headers["Content-Type"]) == (200, "image/svg+xml; charset=utf-8")
    assert "Front door" in body
    assert "frame-ancestors *" in headers["Content-Security-Policy"]
    assert opens(service, f"{found['png']}?scale=0.5") == 200
    assert "embed" not in found
    token = found["svg"].removeprefix("/share/").removesuffix(".svg")
    assert opens(service, f"/embed/{token}") == 401
    assert opens(service, f"/embed/{token.replace('~image~', '~embed~')}") == 401
    assert opens(service, f"/share/{token.replace('~o~', '~r~')}.svg") == 401


def test_an_embedded_page_may_be_framed_and_others_may_not(service: Deployment) -> None:
    found = links(service, purpose="embed")
    headers = service.call("GET", found["embed"], token="")[2]
    assert "frame-ancestors *" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]
    assert (
        "frame-ancestors 'none'"
        in service.call("GET", service.state(oid(70))["links"]["view"])[2]["Content-Security-Policy"]
    )


def test_a_redacted_share_holds_no_address(service: Deployment) -> None:
    assert ADDRESS in service.call("GET", links(service)["svg"], token="")[1]
    hidden = service.call("GET", links(service, redact=True)["svg"], token="")[1]
    assert ADDRESS not in hidden
    assert "Front door" in hidden


def test_a_share_ends_by_itself_with_the_graphs_links_and_with_the_owners(service: Deployment) -> None:
    one, other = shared(service), shared(service)
    assert service.call("DELETE", f"/shares/{one['id']}")[0] == 204
    assert opens(service, one["links"]["svg"]) == 401  # type: ignore[index]
    assert opens(service, other["links"]["svg"]) == 200  # type: ignore[index]
    assert service.call("DELETE", f"/graph/{oid(70)}/links")[0] == 204
    assert opens(service, other["links"]["svg"]) == 401  # type: ignore[index]
    third = links(service)
    assert service.call("DELETE", f"/owners/{OWNER}/links")[0] == 204
    assert opens(service, third["svg"]) == 401


def test_what_cannot_be_shared_is_refused_by_field(service: Deployment) -> None:
    for wrong in ({"purpose": "view"}, {"seconds": 5}, {"seconds": True}, {"redact": "yes"}):
        status, body, _ = service.call("POST", f"/graph/{oid(70)}/shares", wrong)
        assert (status, list(body["message"])) == (422, list(wrong))
    assert service.call("POST", f"/graph/{oid(71)}/shares", {})[0] == 404
    assert service.call("POST", f"/graph/{oid(70)}/shares", {}, token="")[0] == 401
    assert service.call("DELETE", "/shares/x", token="")[0] == 401
