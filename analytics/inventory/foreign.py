"""What a file is that is no inventory, known by its content, and what to do with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SHAPE = "{applications: [{name: web, deps: [db]}, {name: db, family: Database}]}"
#: What each format is called, and what becomes of its parts.
_ADVICE = {
    "compose": ("a compose file", "write each of its services as an application, and its depends_on as deps"),
    "kubernetes": ("a Kubernetes manifest", "write each workload as an application, its replicas and what it calls"),
    "cloudformation": ("a CloudFormation template", "write its instances as servers and its services as applications"),
    "terraform": ("a Terraform state or plan", "write its instances as servers and its services as applications"),
    "backstage": ("a Backstage catalogue", "write each component as an application, and its dependsOn as deps"),
    "ansible": ("an Ansible inventory", "write each host as a server"),
    "graph": ("a list of nodes and edges", "write each node as an application, and its edges as deps"),
    "list": ("a list", "say what it is a list of, for example applications"),
    "csv": ("a CSV table", "write each line as a document of a collection"),
}


def recognised(value: object) -> str:
    """A sentence about a parsed file that is something else than an inventory; nothing where it may be one.

    >>> recognised({"services": {"web": {"image": "nginx"}}})[:39]
    'a compose file, which is no inventory: '
    >>> recognised({"applications": []})
    ''
    """
    found = ""
    if isinstance(value, list):
        found = "list" if value and all(isinstance(item, Mapping) for item in value) else ""
        if found and all("kind" in item and "apiVersion" in item for item in value):
            found = "kubernetes"
    elif isinstance(value, Mapping) and "applications" not in value and "servers" not in value:
        found = _format_of(value)
    return _advice(found) if found else ""


def _format_of(value: Mapping[object, object]) -> str:
    if "apiVersion" in value and "kind" in value:
        return "backstage" if str(value["apiVersion"]).startswith("backstage.io") else "kubernetes"
    if isinstance(value.get("services"), Mapping):
        return "compose"
    if "AWSTemplateFormatVersion" in value or isinstance(value.get("Resources"), Mapping):
        return "cloudformation"
    if "terraform_version" in value:
        return "terraform"
    if isinstance(value.get("all"), Mapping) and {"hosts", "children"} & set(value["all"]):  # type: ignore[call-overload]
        return "ansible"
    if isinstance(value.get("nodes"), list) and ("edges" in value or "links" in value):
        return "graph"
    return ""


def recognised_text(raw: bytes) -> str:
    """The same for a file that is neither JSON nor an object in YAML.

    >>> recognised_text(b"name,family\\nweb,Application\\n")[:39]
    'a CSV table, which is no inventory: wri'
    >>> recognised_text(b'{"applications": [}')
    ''
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw[:400]:
        return "not UTF-8: save it as UTF-8"
    try:
        lines = raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as exc:
        number = raw[: exc.start].count(10) + 1
        return f"line {number}: not UTF-8: save it as UTF-8"
    head = lines[0] if lines else ""
    if len(lines) > 1 and re.fullmatch(r'[\w "./-]+([,;\t][\w "./-]*)+', head):
        mark = max(",;\t", key=head.count)
        if lines[1].count(mark) >= head.count(mark):
            return _advice("csv")
    return ""


def _advice(kind: str) -> str:
    name, advice = _ADVICE[kind]
    return f"{name}, which is no inventory: {advice}, as in {_SHAPE}; docs/inventory.md names every field"
