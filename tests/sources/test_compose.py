"""Compose: what a file becomes, and what is refused with the way out."""

import json

import pytest

from analytics.errors import InventoryError
from analytics.testing.sources import account, calls, estate_of, named, remarks

SHOP = """
name: shop
services:
  front:
    image: nginx:1.27
    ports: ["8080:80", "127.0.0.1:9000:9000"]
    depends_on:
      api: {condition: service_healthy}
    networks: [edge]
  api:
    build: .
    environment:
      - DB_HOST=db
      - QUEUE=amqp://u:hunter2@queue:5672//
      - FROM_SHELL
      - API_TOKEN=hunter2
    depends_on: [db]
    networks: [edge, inside]
    volumes: ["./src:/src", "data:/data", "/tmp"]
  db:
    image: ${REGISTRY:-docker.io}/library/postgres:16
    ports: ["22:22"]
    networks: [inside]
  queue:
    image: rabbitmq:4
    networks: [inside]
    profiles: [full]
networks:
  edge:
  inside: {internal: true, ipam: {config: [{subnet: 10.9.0.0/24}]}}
  unused:
volumes: {data: {}}
"""


def test_a_project() -> None:
    estate = estate_of({"compose.yaml": SHOP})
    assert calls(estate) == [
        ("api", "db", ""),
        ("api", "queue", "amqp 5672"),
        ("front", "api", "starts after (healthy)"),
    ]
    things = named(estate)
    assert {name: one["family"] for name, one in things.items()} == {
        "front": "Loadbalance",
        "api": "Application",
        "db": "Database",
        "queue": "Broker",
    }
    assert [one["_id"] for one in things["api"]["networks"]] == ["shop/network/edge", "shop/network/inside"]
    assert things["queue"]["status"] == "only with profile full"
    assert [one["_id"] for one in estate.documents["systems"][0]["entry"]] == ["shop/front"]
    assert named(estate, "networks")["inside"]["cidr_block"] == "10.9.0.0/24"
    assert account(estate) == {"bind mount": 1, "anonymous volume": 1, "network": 1}
    assert "hunter2" not in json.dumps({name: list(held) for name, held in estate.documents.items()})


def test_ports_are_ways_in_unless_they_are_the_machine_s_own() -> None:
    things = named(estate_of({"compose.yaml": SHOP}))
    assert things["front"]["exposure"] == [
        {"how": "published", "port": "8080", "target": "80", "protocol": "tcp"},
        {
            "how": "published",
            "port": "9000",
            "target": "9000",
            "protocol": "tcp",
            "address": "127.0.0.1",
            "internal": True,
        },
    ]
    assert things["db"]["exposure"][0]["port"] == "22"  # and no number of base 60


def test_findings() -> None:
    found = {code: (line, words) for _, line, code, words in remarks(estate_of({"compose.yaml": SHOP}))}
    assert found["published"] == (22, "db (Database) is published on all interfaces, port 22")
    assert found["secret"] == (12, "api: API_TOKEN stands in clear; put it among the secrets")
    assert found["environment"][0] == 12


def test_services_without_a_common_network_are_a_finding() -> None:
    text = "services:\n  a: {image: x, networks: [one], depends_on: [b]}\n  b: {image: y, networks: [two]}\n"
    text += "networks: {one: , two: }\n"
    assert [(line, code) for _, line, code, _ in remarks(estate_of({"compose.yaml": text}))] == [(2, "network")]


def test_extends_within_a_file_is_followed_and_beyond_it_refused() -> None:
    inner = "services:\n  base: {image: redis:7, environment: {DB_HOST: base}}\n  b: {extends: {service: base}}\n"
    assert named(estate_of({"compose.yaml": inner}))["b"]["family"] == "Cache"
    outer = "services:\n  b: {image: x, extends: {file: other.yaml, service: base}}\n"
    assert [code for _, _, code, _ in remarks(estate_of({"compose.yaml": outer}))] == ["extends"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("include: [other.yaml]\n", "docker compose config"),
        ("web:\n  image: x\n  ports: ['80:80']\n", "under `services:`"),
    ],
)
def test_what_cannot_be_drawn_says_how_to_go_on(text: str, words: str) -> None:
    with pytest.raises(InventoryError, match=words):
        estate_of({"compose.yaml": text})


@pytest.mark.parametrize(
    "text",
    [
        '{"services": [{"id": "a"}]}',
        "services:\n  app.mailer: {class: App\\\\Mailer, arguments: ['x']}\n",
        "on: push\njobs: {build: {runs-on: x, services: {db: {image: postgres}}}}\n",
    ],
)
def test_what_only_looks_like_it_is_not_taken(text: str) -> None:
    with pytest.raises(InventoryError):
        estate_of({"a.yaml": text})


def test_an_answer_of_ecs_is_aws_s() -> None:
    estate = estate_of({"a.json": '{"services": [{"serviceArn": "arn:aws:ecs:eu-west-1:1:service/a"}]}'})
    assert [one.reader for one in estate.readings] == ["aws"]


def test_a_port_that_is_a_variable_leaves_the_host() -> None:
    text = "services:\n  a: {image: x, environment: ['CART_ADDR=cart:${CART_PORT}', 'NOTE=Status code: 3']}\n"
    text += "  cart: {image: y}\n  code: {image: z}\n"
    assert calls(estate_of({"compose.yaml": text})) == [("a", "cart", "")]
