"""Texts and documents that mean harm, and strategies that make more of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.estates import OWNER, oid

TEXTS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "]]></style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</text></svg><iframe src=javascript:alert(1)>",
    "<foreignObject><body onload=alert(1)>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "<!--",
    "--><script>alert(1)</script>",
    "<![CDATA[",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "<?xml version='1.0'?>",
    "url(http://192.0.2.1/x)",
    "expression(alert(1))",
    "@import 'http://192.0.2.1'",
    "{{7*7}}",
    "{% raw %}",
    "${alert(1)}",
    "%s%n%d",
    "\x00\x01\x02\x08\x0b\x1b[31m",
    "\ud800",
    "\udfff\ud800",
    "\ufffe\uffff",
    "\u202eevil\u202c",
    "\u2066\u2069\u200e\u200f\ufeff",
    "line\nbreak\r\ttab",
    "\u2028\u2029",
    "a" * 100_000,
    "̀" * 500,
    "\U0001f4a9" * 200,
    "العربية עברית",
    "' onmouseover='alert(1)",
    '" onfocus="alert(1)" autofocus="',
    "`onload=alert(1)`",
    "graph",
    "viewer",
    "conector boundaries",
    "am-defs",
    "__proto__",
    "constructor",
    "../../../etc/passwd",
    "$gt",
    "",
    " ",
    "0",
    "-1",
    "1e999",
    "NaN",
]

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.integers(0, len(TEXTS) - 1).map(TEXTS.__getitem__)  # by index: their own text is too long to be shown
    | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["_id", "name", "$gt", "zone"]), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = {
    "applications": [
        *("name", "family", "environment", "language", "cluster", "provider", "size", "role", "system", "deps"),
        *("targets", "servers", "datacenters", "tags", "instances", "status", "updated_at"),
    ],
    "servers": [
        *("hostname", "name", "unique_id", "ipv4_private", "ipv4_public", "os", "cpu", "memory", "storage", "role"),
        *("environment", "status", "applications", "datacenters", "tags", "services"),
    ],
    "networks": [
        *(
            "name",
            "family",
            "unique_id",
            "vpc_id",
            "subnet_id",
            "cidr_block",
            "ip_permissions",
            "routes",
            "associations",
        ),
        *("image_id", "cidr_block_association_set", "subnets", "address_space", "attachment", "groups", "entries"),
        *("accepter_vpc_info", "requester_vpc_info", "inbound_rules", "security_group_rules", "datacenters"),
    ],
    "volumes": ["name", "unique_id", "size", "status", "server", "datacenters"],
    "datacenters": ["name", "provider", "regions", "zones"],
    "systems": ["name", "entry", "clients"],
    "clients": ["name", "contacts"],
}
#: Families the network stage knows, so that hostile fields reach every branch of it.
KINDS = [
    "Vpc",
    "Subnet",
    "SecurityGroup",
    "RouteTable",
    "NatGateway",
    "VpcPeering",
    "NetworkAcl",
    "Ports",
    "VpnGateway",
]
known_ids = st.integers(1, 12).map(oid)
refs = st.lists(
    st.fixed_dictionaries({"_id": known_ids}, optional={"name": anything, "endpoint": anything}), max_size=4
)


def documents(collection: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Documents of a collection, any field of any type, referring to each other at random."""
    fields: dict[str, st.SearchStrategy[Any]] = dict.fromkeys(FIELDS[collection], anything)
    for name in ("deps", "targets", "servers", "system", "applications", "entry", "clients"):
        if name in fields:
            fields[name] = refs | anything
    if collection == "networks":
        fields["family"] = st.sampled_from(KINDS) | anything
    one = st.fixed_dictionaries({"_id": known_ids}, optional=fields)
    return st.lists(one, max_size=8, unique_by=lambda document: document["_id"])


inventories = st.fixed_dictionaries({collection: documents(collection) for collection in FIELDS})


def owned(inventory: dict[str, list[dict[str, Any]]], owner: str = OWNER) -> dict[str, list[dict[str, Any]]]:
    """The inventory with every document the owner's."""
    return {
        collection: [{**document, "roles": [{"_id": owner}], "active": True} for document in documents]
        for collection, documents in inventory.items()
    }
