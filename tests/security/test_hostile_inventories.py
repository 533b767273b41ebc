"""Whatever stands in an inventory, there is a picture or a sentence, and the picture is only a picture."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree, html

from analytics.drawing import check_drawing
from analytics.model.artifacts import Drawing
from tests.estates import application, document, oid, server, system
from tests.security.drawing import TYPES, draw
from tests.security.hostile import TEXTS, inventories, owned
from tests.sure import sure

EXAMPLES = int(os.environ.get("MAESTRO_TEST_EXAMPLES", "40"))
#: Elements that a drawing may hold; a test of the gate holds the gate to the same.
NEVER = {"script", "foreignobject", "iframe", "object", "embed", "image", "img", "a", "animate", "set", "link", "base"}


def elements(svg: str) -> Counter[str]:
    """How often each element stands in a document read as XML."""
    return Counter(etree.QName(one).localname for one in etree.fromstring(svg.encode()).iter(etree.Element))


def elements_in_html(svg: str) -> Counter[str]:
    """The same, read the way a page reads what is pasted into it."""
    tree = html.fromstring(f"<html><body>{svg}</body></html>")
    found = Counter(one.tag.lower() for one in tree.iter() if isinstance(one.tag, str))
    return Counter({name: count for name, count in found.items() if name not in ("html", "body", "head")})


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of strategies this wide
@pytest.mark.parametrize("graph_type", TYPES)
def test_any_inventory_is_drawn_or_refused_in_words(graph_type: str) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(inventories)
    def drawn(inventory: dict[str, list[dict[str, Any]]]) -> None:
        result = draw(owned(inventory), graph_type)
        assert result.outcome.level in ("finished", "warning")
        drawing = result.artifact(Drawing)
        if drawing is None:
            assert result.outcome.message
            return
        assert drawing.tally.complete, drawing.tally
        check_drawing(drawing.svg)
        as_xml, as_html = elements(drawing.svg), elements_in_html(drawing.svg)
        assert not NEVER & {name.lower() for name in as_xml}
        assert {name.lower(): count for name, count in as_xml.items()} == dict(as_html)

    drawn()


def estate(text: str) -> dict[str, list[dict[str, Any]]]:
    """A small estate in which every text a drawing shows is ``text``."""
    place = {"_id": oid(900), "name": text, "provider": text, "region": text, "zone": text, "instance": text}
    call = {"_id": oid(2), "name": text, "endpoint": text, "family": text}
    return {
        "applications": [
            application(
                1,
                name=text,
                family="Loadbalance",
                language=text,
                cluster=text,
                deps=[call],
                environment=text,
                targets=[{"_id": oid(70), "name": text}],
                datacenters=place,
                role={"endpoint": text, "vpc_id": "vpc-1"},
            ),
            application(2, name=text, family=text, provider=text, datacenters=place, deps=[{**call, "_id": oid(77)}]),
        ],
        "systems": [system(50, 1, name=text)],
        "servers": [
            server(
                70,
                2,
                hostname=text,
                role=text,
                datacenters=place,
                os={"dist": text},
                ipv4_public=text,
                tags=[{"key": "cluster", "value": text}],
            ),
        ],
        "networks": [
            document(80, family="Vpc", unique_id="vpc-1", name=text, image_id="10.0.0.0/16", datacenters=place),
            document(
                81,
                family="SecurityGroup",
                unique_id="sg-1",
                name=text,
                ip_permissions=[{"IpProtocol": text, "IpRanges": [{"CidrIp": text}]}],
            ),
        ],
        "datacenters": [document(900, name=text, provider=text, regions=[text], zones=[text])],
        "volumes": [document(90, name=text, size=text)],
    }


def shape(svg: str) -> Counter[str]:
    """The elements of a drawing without those whose number follows from the length of texts."""
    found = elements(svg)
    for name in ("tspan", "text"):
        found.pop(name, None)
    return found


@pytest.mark.parametrize("graph_type", TYPES)
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text)[:24])
def test_a_hostile_text_adds_no_element_to_the_picture(graph_type: str, text: str) -> None:
    result = draw(estate(text), graph_type, "full")
    svg = sure(result.artifact(Drawing)).svg
    check_drawing(svg)
    assert not NEVER & {name.lower() for name in elements(svg)}
    assert set(shape(svg)) <= set(shape(sure(draw(estate("Harmless"), graph_type, "full").artifact(Drawing)).svg)) | {
        "use",
        "g",
    }
    assert {name.lower(): count for name, count in elements(svg).items()} == dict(elements_in_html(svg))


def test_a_dependency_chain_of_three_thousand_ends() -> None:
    chain = [application(number, number + 1) for number in range(1, 3001)]
    result = draw({"applications": chain, "systems": [system(5000, 1)]}, "business")
    assert sure(result.artifact(Drawing)).tally.found == 3000
