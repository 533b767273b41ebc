"""Compose: the file that people write, or what ``docker compose config`` makes of it.

Services become applications, networks boxes that a service may stand in several of,
published ports ways in. Of the environment, hosts that name another service are read
and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from analytics import hookimpl
from analytics.sources import (
    Draft,
    Part,
    Reader,
    Recognition,
    family_of_image,
    family_of_name,
    listed,
    mapping,
    mappings,
    mentions,
    tag_of,
)

COLLECT = "docker compose config --format json (it merges files, resolves extends, include and variables)"
#: What makes an object under `services` a service of compose.
SERVICE = frozenset({"image", "build", "extends", "provider"})
SYMFONY = frozenset({"class", "arguments", "autowire", "autoconfigure"})
#: Addresses that only the machine itself answers on.
ALL_INTERFACES = "0.0.0.0"  # noqa: S104 - read, and nothing is bound to it
LOOPBACK = ("127.", "localhost", "[::1]", "::1")
#: Families that nobody should publish.
GUARDED = frozenset({"Database", "Cache", "Broker"})
#: Names of values that should not stand in a file; those that name a file hold a path.
SECRET = re.compile(r"(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY)$")
OUTSIDE_VOLUMES = ("/", ".", "~")
PORT = re.compile(
    r"^(?:(?P<ip>\[[^\]]+\]|[^:\[\]]+(?=:[^:]*:)):)?(?:(?P<host>[\d-]*):)?(?P<target>\d+(?:-\d+)?)(?:/(?P<protocol>\w+))?$"
)


@dataclass
class Project:
    """One compose file while it is read."""

    part: Part
    name: str
    services: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Services by every name that they answer to.
    names: dict[str, set[str]] = field(default_factory=dict)


def recognise(part: Part) -> Recognition:
    """An object whose services are objects that run an image, or only names other files."""
    value = part.object
    services = value.get("services")
    if "apiVersion" in value or isinstance(services, list):
        return False
    if services is None and "include" in value and not value.get("applications"):
        return f"a compose file that only includes others: draw the output of {COLLECT}"
    if not isinstance(services, dict):
        return bool(format_one(value)) and (
            "a compose file of format 1, without `services`: put its services under `services:`, each as it is"
        )
    held = [one for one in services.values() if isinstance(one, dict)]
    if not services:
        return False
    return any(SERVICE & one.keys() and not SYMFONY & one.keys() for one in held)


def format_one(value: Mapping[str, Any]) -> bool:
    """Whether an object's values are services themselves, as the first format wrote them."""
    held = [one for one in value.values() if isinstance(one, dict)]
    return bool(held) and all(
        ("image" in one or "build" in one) and {"ports", "links", "volumes", "environment"} & one.keys() for one in held
    )


def read(parts: Sequence[Part], draft: Draft) -> None:
    """Every file as a project: its services, networks and volumes."""
    taken: dict[str, str] = {}
    for part in parts:
        name = str(part.object.get("name") or "") or project_name(part)
        if taken.get(name, part.file) != part.file:
            name = f"{name} {PurePath(part.name).stem}"
        taken[name] = part.file
        read_project(Project(part, name), draft)


def project_name(part: Part) -> str:
    """The name of a project that states none: its folder's; of a file that has a name of its own, that."""
    path = PurePath(part.file)
    plain = re.fullmatch(r"(docker-)?compose([.-].*)?\.(ya?ml|json)", path.name)
    if not plain:
        return path.name.partition(".")[0]
    return path.parent.name or (part.folders[-1] if part.folders else "") or "project"


def read_project(project: Project, draft: Draft) -> None:
    """One project."""
    part, value = project.part, project.part.object
    if "include" in value:
        draft.remark(
            part,
            ("include",),
            "warning",
            "include",
            f"other files are included and were not read: draw the output of {COLLECT}",
        )
    if "!reset" in part.tags or "!override" in part.tags:
        draft.remark(part, (), "warning", "override", f"this file changes another one: draw the output of {COLLECT}")
    for name, service in mapping(value, "services").items():
        if not isinstance(service, dict):
            draft.remark(part, ("services", name), "error", "type", f"the service {name} must be an object")
            continue
        project.services[name] = extended(project, draft, name, service)
    read_networks(project, draft)
    for name, service in project.services.items():
        add_service(project, draft, name, service)
    for name, service in project.services.items():
        add_calls(project, draft, name, service)
    read_volumes(project, draft)
    for kind in ("secrets", "configs"):
        draft.fold(kind.removesuffix("s"), "the services that use it", len(mapping(value, kind)))
    add_system(project, draft)


def extended(project: Project, draft: Draft, name: str, service: Mapping[str, Any]) -> Mapping[str, Any]:
    """A service with what it takes over from another one of the same file, as far as that goes."""
    result, seen = dict(service), {name}
    path = ("services", name, "extends")
    while "extends" in result:
        base = result.pop("extends")
        source = base if isinstance(base, str) else str(mapping(base).get("service", ""))
        if isinstance(base, dict) and base.get("file"):
            words = f"{name} extends a service of another file, which was not read: draw the output of {COLLECT}"
            draft.remark(project.part, path, "warning", "extends", words)
            break
        held = mapping(project.part.object, "services").get(source)
        if source in seen or not isinstance(held, dict):
            draft.remark(project.part, path, "error", "extends", f"{name} extends {source}, which is not in this file")
            break
        seen.add(source)
        result = {**held, **result}
    return result


# --- services ---------------------------------------------------------------------------


def add_service(project: Project, draft: Draft, name: str, service: Mapping[str, Any]) -> None:
    """One service as an application."""
    image = substituted(service.get("image"))
    provider = text_in(mapping(service, "provider"), "type")
    replicas = replicas_of(service)
    networks = networks_of(project, service)
    profiles = [str(one) for one in listed(service, "profiles")]
    document = draft.add(
        "applications",
        f"{project.name}/{name}",
        project.part,
        ("services", name),
        name=name,
        family=family_of_image(image) or family_of_image(provider) or family_of_name(name) or "Application",
        kind="external" if provider else "service",
        image=image or ("built from its sources" if "build" in service else ""),
        version=tag_of(image),
        replicas=replicas,
        networks=[{"_id": network_id(project, one)} for one in networks],
        role=role_of(project, service, networks),
        namespace=project.name,
        status=f"only with profile {', '.join(profiles)}" if profiles else "",
        aliases=[f"{project.name}/{name}"],
        secrets=names_in(service.get("secrets")),
        configs=names_in(service.get("configs")),
        datacenters={"name": "Docker host"},
        names=[word for word in (name, service.get("container_name"), otel_name(service)) if isinstance(word, str)],
    )
    project.documents[name] = document
    for word in (name, service.get("container_name"), service.get("hostname")):
        if isinstance(word, str):
            project.names.setdefault(word.lower(), set()).add(name)
    for settings in mapping(service, "networks").values():
        for word in listed(settings, "aliases"):
            project.names.setdefault(str(word).lower(), set()).add(name)
    add_ports(project, draft, name, service, document)
    if str(service.get("network_mode", "")) == "host":
        document["status"] = "on the host's network"


def role_of(project: Project, service: Mapping[str, Any], networks: Sequence[str]) -> dict[str, Any]:
    """The ports a service listens on, and the first of its networks."""
    ports = [str(one) for one in listed(service, "expose")]
    role: dict[str, Any] = {"ports": ports} if ports else {}
    return role | ({"vpc_id": network_id(project, networks[0])} if networks else {})


def text_in(value: Mapping[str, Any], name: str) -> str:
    """A field as text."""
    found = value.get(name)
    return str(found) if isinstance(found, (str, int)) and not isinstance(found, bool) else ""


def substituted(value: object) -> str:
    """A text with what ``${NAME:-default}`` falls back to; a variable without a default is not known.

    >>> substituted("web:${TAG:-1.2}"), substituted("${IMAGE}"), substituted("a$$b")
    ('web:1.2', '', 'a$b')
    """
    if not isinstance(value, (str, int, float)):
        return ""
    text = re.sub(r"(?<!\$)\$\{\w+(?::?-([^}]*))?(?::?[?+][^}]*)?\}", lambda found: found[1] or "", str(value))
    return re.sub(r"(?<!\$)\$[A-Za-z_]\w*", "", text).replace("$$", "$")


def replicas_of(service: Mapping[str, Any]) -> int | None:
    """How many containers of a service run; nothing where it does not say."""
    for value in (mapping(service, "deploy").get("replicas"), service.get("scale")):
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None


def names_in(value: object) -> list[str]:
    """The names of secrets or configurations that a service uses."""
    items = value if isinstance(value, list) else []
    return [str(one.get("source", "")) if isinstance(one, dict) else str(one) for one in items]


# --- networks and ways in ---------------------------------------------------------------


def network_id(project: Project, name: str) -> str:
    """The id of a network's document."""
    return f"{project.name}/network/{name}"


def networks_of(project: Project, service: Mapping[str, Any], seen: frozenset[str] = frozenset()) -> list[str]:
    """The networks a service joins; where it says none, the project's own."""
    mode = str(service.get("network_mode") or "")
    if mode.startswith("service:"):
        other = mode.removeprefix("service:")
        if other in project.services and other not in seen:
            return networks_of(project, project.services[other], seen | {other})
        return []
    if mode in ("host", "none"):
        return []
    joined = service.get("networks")
    names = list(joined) if isinstance(joined, (dict, list)) else []
    return [str(name) for name in names] or ["default"]


def read_networks(project: Project, draft: Draft) -> None:
    """The networks that are declared, and those that services join without saying so."""
    declared = mapping(project.part.object, "networks")
    used = dict.fromkeys(name for one in project.services.values() for name in networks_of(project, one))
    for name in dict.fromkeys([*used, *(name for name in declared if name in used)]):
        settings = mapping(declared, name)
        ranges = [text_in(one, "subnet") for one in mappings(mapping(settings, "ipam").get("config"))]
        path = ("networks", name) if name in declared else ()
        if name not in declared and name != "default":
            draft.remark(
                project.part,
                ("services",),
                "error",
                "network",
                f"services join the network {name}, which is not declared",
            )
        state = (
            "external"
            if settings.get("external")
            else "internal: no way out"
            if settings.get("internal") is True
            else ""
        )
        draft.add(
            "networks", network_id(project, name), project.part, path, how="stated" if path else "inferred",
            why="" if path else "every project has one", name=text_in(settings, "name") or name, family="Network",
            unique_id=network_id(project, name), cidr_block=next((one for one in ranges if one), ""), status=state,
            datacenters={"name": "Docker host"},
        )  # fmt: skip
    draft.skip("network", "no service joins it", len(set(declared) - set(used)))


def add_ports(project: Project, draft: Draft, name: str, service: Mapping[str, Any], document: dict[str, Any]) -> None:
    """What a service publishes; on the machine's own address alone it is no way in."""
    for number, port in enumerate(listed(service, "ports")):
        said = published(port)
        if said is None:
            draft.remark(
                project.part,
                ("services", name, "ports", number),
                "warning",
                "port",
                f"{name}: a port that cannot be read: write it as 8080:80",
            )
            continue
        address, outer, inner, protocol = said
        local = address.startswith(LOOPBACK)
        way = {
            "how": "published",
            "port": outer or "a random port",
            "target": inner,
            "protocol": protocol,
            "address": address,
        }
        document.setdefault("exposure", []).append(
            {key: one for key, one in (way | {"internal": local}).items() if one}
        )
        if not local and document["family"] in GUARDED:
            words = f"{name} ({document['family']}) is published on all interfaces, port {outer or inner}"
            draft.remark(project.part, ("services", name, "ports", number), "warning", "published", words)


def published(port: object) -> tuple[str, str, str, str] | None:
    """Address, outer and inner port, and protocol of a published port; nothing where it cannot be read.

    >>> published("127.0.0.1:8080:80"), published("53:53/udp"), published("3000"), published("[::1]:80:80")
    (('127.0.0.1', '8080', '80', 'tcp'), ('', '53', '53', 'udp'), ('', '', '3000', 'tcp'), ('[::1]', '80', '80', 'tcp'))
    """
    if isinstance(port, dict):
        target = text_in(port, "target")
        return (
            (text_in(port, "host_ip"), text_in(port, "published"), target, text_in(port, "protocol") or "tcp")
            if target
            else None
        )
    found = PORT.match(substituted(port).strip())
    if found is None:
        return None
    address = found["ip"] or ""
    return (
        "" if address == ALL_INTERFACES else address,
        found["host"] or "",
        found["target"],
        (found["protocol"] or "tcp").lower(),
    )


# --- calls ------------------------------------------------------------------------------


def add_calls(project: Project, draft: Draft, name: str, service: Mapping[str, Any]) -> None:
    """What a service calls: by addresses in its environment, by links, and what it starts after."""
    document, part = project.documents[name], project.part
    unsaid = 0
    for key, value in environment_of(service):
        unsaid += value is None
        if SECRET.search(key.upper()) and isinstance(value, str) and value and "$" not in value:
            words = f"{name}: {key} stands in clear; put it among the secrets"
            draft.remark(part, ("services", name, "environment"), "warning", "secret", words)
        for mention in mentions(key, substituted(value)):
            for target in sorted(project.names.get(mention.host, ())):
                if target != name:
                    why = f"its environment names {mention.host}"
                    draft.call(
                        document, project.documents[target]["_id"], how="inferred", why=why, endpoint=mention.label
                    )
    if unsaid:
        words = f"{name} takes {unsaid} values of its environment from the shell: draw the output of {COLLECT}"
        draft.remark(part, ("services", name, "environment"), "note", "environment", words)
    for kind, target, words in started_after(service):
        if target == name:
            continue
        if target not in project.documents:
            known = target in mapping(part.object, "services")
            if not known:
                draft.remark(
                    part,
                    ("services", name, kind),
                    "error",
                    "reference",
                    f"{name} {words} {target}, which is not in this file",
                )
            continue
        other = project.documents[target]
        mine, theirs = networks_of(project, service), networks_of(project, project.services[target])
        if mine and theirs and set(mine).isdisjoint(theirs):
            draft.remark(part, ("services", name, kind), "warning", "network", f"{name} and {target} share no network")
        if not draft.calls(document, other["_id"]):
            draft.call(document, other["_id"], endpoint=words)
        for dep in draft.calls(document, other["_id"]):
            dep.pop("provenance", None)


def started_after(service: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What a service says it needs: the field, the other service, and how in words."""
    after = service.get("depends_on")
    for target in listed(service, "depends_on"):
        yield "depends_on", str(target), "starts after"
    for target, how in after.items() if isinstance(after, dict) else ():
        condition = text_in(mapping(how), "condition")
        state = {"service_healthy": " (healthy)", "service_completed_successfully": " (done)"}.get(condition, "")
        yield "depends_on", target, f"starts after{state}"
    for word in listed(service, "links"):
        yield "links", str(word).partition(":")[0], "links to"
    for word in listed(service, "volumes_from"):
        if not str(word).startswith("container:"):
            yield "volumes_from", str(word).partition(":")[0], "uses the volumes of"
    for kind in ("network_mode", "pid"):
        mode = str(service.get(kind) or "")
        if mode.startswith("service:"):
            yield (
                kind,
                mode.removeprefix("service:"),
                "runs in the network of" if kind == "network_mode" else "shares the processes of",
            )


def otel_name(service: Mapping[str, Any]) -> str | None:
    """What a service calls itself in traces: the one value of the environment that is kept."""
    found = next((value for key, value in environment_of(service) if key == "OTEL_SERVICE_NAME"), None)
    return found if isinstance(found, str) and "$" not in found else None


def environment_of(service: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Names and values of the environment, however it is written; a value of ``None`` comes from the shell."""
    held = service.get("environment")
    if isinstance(held, dict):
        yield from held.items()
    elif isinstance(held, list):
        for one in held:
            name, said, value = str(one).partition("=")
            yield name, value if said else None


# --- volumes and the project ------------------------------------------------------------


def read_volumes(project: Project, draft: Draft) -> None:
    """Named volumes with who uses them; folders of the machine and what has no name are counted."""
    users: dict[str, list[str]] = {}
    for name, service in project.services.items():
        for number, volume in enumerate(listed(service, "volumes")):
            source, target = source_of(volume)
            if "docker.sock" in source or "docker.sock" in target:
                words = f"{name} can control the machine's Docker: {source or target} is mounted"
                draft.remark(project.part, ("services", name, "volumes", number), "warning", "docker-socket", words)
                draft.fold("bind mount", "its service")
            elif not source:
                draft.fold("anonymous volume", "its service")
            elif source.startswith(OUTSIDE_VOLUMES) or (isinstance(volume, dict) and volume.get("type") == "bind"):
                draft.fold("bind mount", "its service")
            elif isinstance(volume, dict) and volume.get("type") == "tmpfs":
                draft.fold("tmpfs", "its service")
            else:
                users.setdefault(source, []).append(project.documents[name]["_id"])
    for name in dict.fromkeys([*mapping(project.part.object, "volumes"), *users]):
        draft.add(
            "volumes", f"{project.name}/volume/{name}", project.part, ("volumes", name), name=name,
            applications=users.get(name, []), datacenters={"name": "Docker host"},
        )  # fmt: skip


def source_of(volume: object) -> tuple[str, str]:
    """What is mounted, and where; what is anonymous has no source.

    >>> source_of("data:/var/lib:ro"), source_of("/var/lib"), source_of("./a:/b")
    (('data', '/var/lib'), ('', '/var/lib'), ('./a', '/b'))
    """
    if isinstance(volume, dict):
        return text_in(volume, "source"), text_in(volume, "target")
    words = substituted(volume).split(":")
    return (words[0], words[1]) if len(words) > 1 else ("", words[0])


def add_system(project: Project, draft: Draft) -> None:
    """The project as a system; entries are published and uncalled, else published, else uncalled."""
    called = {dep["_id"] for one in project.documents.values() for dep in one.get("deps", ())}
    open_ones = [
        one for one in project.documents.values() if any(not way.get("internal") for way in one.get("exposure", ()))
    ]
    uncalled = [one for one in project.documents.values() if one["_id"] not in called]
    doors = [one for one in open_ones if one["_id"] not in called] or open_ones or uncalled
    key = f"{project.name}/project"
    entry = [{"_id": one["_id"]} for one in doors]
    draft.add("systems", key, project.part, (), name=project.name, entry=entry)
    for one in project.documents.values():
        one["system"] = [{"_id": key, "name": project.name}]


@hookimpl
def analytics_sources() -> Iterator[Reader]:
    yield Reader("compose", "Docker compose files", recognise, read, COLLECT, rank=40)
