"""Backstage: references in all their spellings, and relations that say the same from both sides."""

import json

import pytest

from analytics.errors import InventoryError
from analytics.testing.sources import account, calls, estate_of, named, remarks

CATALOGUE = """
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: Web
  title: Web shop
  description: What customers see
  links: [{url: https://wiki.example/web, title: Wiki}]
  annotations: {backstage.io/kubernetes-id: web-k8s}
spec:
  type: website
  lifecycle: production
  owner: group:team-a
  system: shop
  dependsOn: [resource:default/orders-db, component:gone]
  consumesApis: [orders-api]
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: orders}
spec: {type: service, owner: Team-A, system: Shop, providesApis: [orders-api], dependencyOf: [component:web]}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: orders-api}
spec: {type: grpc, owner: team-a, definition: "a long definition"}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: nobodys-api}
spec: {type: openapi}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: orders-db}
spec: {type: database, system: shop}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: shop, title: Shop}
spec: {domain: sales}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: team-a}
spec: {type: team, profile: {displayName: Team A}}
---
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: here}
spec: {targets: [./x.yaml]}
"""


def test_a_catalogue() -> None:
    estate = estate_of({"catalog-info.yaml": CATALOGUE})
    assert calls(estate) == [
        ("Web shop", "component:default/gone", ""),
        ("Web shop", "orders", "orders-api grpc"),
        ("Web shop", "orders-db", ""),
    ]
    web = named(estate)["Web shop"]
    assert (web["team"], web["lifecycle"], web["description"]) == ("Team A", "production", "What customers see")
    assert web["links"] == [{"url": "https://wiki.example/web", "title": "Wiki"}]
    assert named(estate)["orders"]["system"] == [{"_id": "system:default/shop", "name": "shop"}]
    assert named(estate)["orders-db"]["family"] == "Database"
    assert named(estate)["nobodys-api"]["family"] == "ApiGateway"
    assert [one["_id"] for one in named(estate, "systems")["Shop"]["entry"]] == ["component:default/web"]
    assert account(estate) == {"api": 1, "group": 1, "Location": 1}
    assert [code for _, _, code, _ in remarks(estate)] == ["reference"]
    assert "a long definition" not in json.dumps({name: list(held) for name, held in estate.documents.items()})


def test_relations_of_the_api_repeat_what_the_specification_says() -> None:
    def entity(name: str, relations: list[dict[str, object]]) -> dict[str, object]:
        metadata = {"name": name, "uid": name, "namespace": "default"}
        spec = {"type": "service", "dependsOn": ["component:b"]} if name == "a" else {}
        whole = {"apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": metadata}
        return whole | {"spec": spec, "relations": relations}

    relation: dict[str, object] = {"type": "dependsOn", "targetRef": "component:default/b"}
    estate = estate_of({"a.json": json.dumps([entity("a", [relation]), entity("b", [])])})
    assert calls(estate) == [("a", "b", "")]


def test_a_template_is_refused() -> None:
    text = "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: t}\n"
    with pytest.raises(InventoryError, match="catalog-info"):
        estate_of({"t.yaml": text})
