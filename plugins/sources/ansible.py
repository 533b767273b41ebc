"""Ansible: what ``ansible-inventory --list`` prints. Hosts are servers, groups what runs on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analytics import hookimpl
from analytics.sources import Draft, Part, Reader, Recognition, family_of_name, listed, mapping

COLLECT = "ansible-inventory -i <inventory> --list"
#: Groups that say when and where, and not what.
ENVIRONMENTS = {
    "prod": "Production", "production": "Production", "staging": "Staging", "stage": "Staging", "dev": "Development",
    "development": "Development", "test": "Test", "qa": "Test",
}  # fmt: skip
SYSTEMS = frozenset(
    {"linux", "windows", "ubuntu", "debian", "centos", "rhel", "redhat", "fedora", "rocky", "alma", "suse"}
)
META = "_meta"


def recognise(part: Part) -> Recognition:
    """An object with the variables of hosts; sources of Ansible itself are refused with the command."""
    value = part.value
    if isinstance(value, dict) and isinstance(mapping(value, META).get("hostvars"), dict):
        return True
    if isinstance(value, dict) and isinstance(value.get("all"), dict) and {"hosts", "children"} & value["all"].keys():
        return f"a source of Ansible's inventory, which only Ansible can put together: draw the output of {COLLECT}"
    plays = value if isinstance(value, list) else []
    if plays and all(isinstance(one, dict) and "hosts" in one and {"tasks", "roles"} & one.keys() for one in plays):
        return f"a playbook, which holds no inventory: draw the output of {COLLECT}"
    return False


def read(parts: Sequence[Part], draft: Draft) -> None:
    """Every host, with the groups that hold it."""
    for part in parts:
        groups = {name: one for name, one in part.object.items() if name != META and isinstance(one, dict)}
        variables = mapping(part.object, META, "hostvars")
        hosts = dict.fromkeys([*variables, *(str(host) for one in groups.values() for host in listed(one, "hosts"))])
        holding = {host: groups_of(host, groups) for host in hosts}
        for host in hosts:
            add_host(draft, part, host, mapping(variables, host), holding[host])
        add_applications(draft, part, groups, holding)


def groups_of(host: str, groups: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Every group that holds a host, itself or by its children."""
    found = [name for name, one in groups.items() if host in listed(one, "hosts")]
    while more := [
        name for name, one in groups.items() if name not in found and set(listed(one, "children")) & set(found)
    ]:
        found += more
    return [name for name in found if name not in ("all", "ungrouped")]


def add_host(draft: Draft, part: Part, host: str, variables: Mapping[str, Any], groups: Sequence[str]) -> None:
    """One machine; of its variables only addresses and sizes are read."""

    def said(*names: str) -> Any:
        return next((variables[name] for name in names if name in variables), None)

    address = str(said("ansible_default_ipv4_address", "ansible_host", "private_ip") or "")
    environment = next((ENVIRONMENTS[name.lower()] for name in groups if name.lower() in ENVIRONMENTS), "")
    memory = said("ansible_memtotal_mb")
    dist = " ".join(str(word) for word in (said("ansible_distribution"), said("ansible_distribution_version")) if word)
    draft.add(
        "servers", host, part, (META, "hostvars", host), names=[host.partition(".")[0], host], hostname=host,
        ipv4_private=[address] if address.replace(".", "").isdigit() else [], environment=environment,
        cpu=said("ansible_processor_vcpus"), memory=memory / 1024 if isinstance(memory, (int, float)) else None,
        os={"dist": dist} if dist else None,
        tags=[{"key": "group", "value": name} for name in sorted(groups)],
    )  # fmt: skip


def add_applications(
    draft: Draft, part: Part, groups: Mapping[str, Mapping[str, Any]], holding: Mapping[str, Sequence[str]]
) -> None:
    """Leaf groups are what runs on their hosts, groups of groups the systems of that."""
    parents: dict[str, list[str]] = {}
    for name, one in groups.items():
        for child in listed(one, "children"):
            if name != "all":
                parents.setdefault(str(child), []).append(name)
    for name, one in groups.items():
        words = set(name.lower().replace("-", "_").split("_"))
        if name in ("all", "ungrouped") or listed(one, "children"):
            continue
        if name.lower() in ENVIRONMENTS or words <= SYSTEMS:
            draft.fold("group", "its hosts")
            continue
        hosts = sorted(host for host, names in holding.items() if name in names)
        systems = [outer for outer in parents.get(name, ()) if outer.lower() not in ENVIRONMENTS]
        draft.add(
            "applications", f"group/{name}", part, (name,), how="inferred", why="a group of hosts",
            names=[name], name=name,
            family=family_of_name(name) or "Application", servers=[{"_id": host} for host in hosts],
            system=[{"_id": f"system/{outer}", "name": outer} for outer in systems],
        )  # fmt: skip
        for outer in systems:
            system = draft.add("systems", f"system/{outer}", part, (outer,), name=outer)
            system.setdefault("entry", []).append({"_id": f"group/{name}"})


@hookimpl
def analytics_sources() -> Iterator[Reader]:
    yield Reader("ansible", "Ansible's inventory, as it prints it", recognise, read, COLLECT, type="infra", rank=30)
