"""The inventory's documents as frozen records: the only place that reads their fields.

Any field may be missing, null, empty or of the wrong type; what cannot be read
becomes the field's empty value, never an error: one bad document must not cost
an operator the picture. Every record has ``collection`` (where it is found) and
``read`` (document → record, or ``None`` without an id).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from ..catalog.families import APPLICATION, family_name
from .about import UNSAID, About, Tag, read_about, read_seen, read_tags
from .packets import UNFACED, Faced, read_faced, words
from .stated import Stated, read_needs
from .values import Document, child, gigabytes, identity, items, measure, number, objects, share, text, texts
from .ways import UNTOLD, Access, read_access, read_origin


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to something by id, with the name it was mentioned under."""

    id: str
    name: str = ""

    @classmethod
    def read(cls, value: object) -> Self | None:
        """``{"_id", "name"}`` or a bare id."""
        if isinstance(value, (dict, Mapping)):
            key = text(value.get("_id"))
            return cls(key, text(value.get("name"))) if key else None
        key = text(value)
        return cls(key) if key else None


def refs(value: object) -> tuple[Ref, ...]:
    """The references in a document's value, each id once, in the order they stand."""
    found = [Ref.read(item) for item in items(value)]
    return tuple({ref.id: ref for ref in found if ref}.values())


@dataclass(frozen=True, slots=True)
class Dependency:
    """An outgoing call: which application, by what means (``rest``, ``tcp`` …; may be empty).

    Where somebody measured: ``rate`` in calls a second, ``errors`` the share that
    fails, ``latency`` in milliseconds. ``data_class`` is what data goes along.
    ``provenance`` is how the call is known (empty: stated), ``evidence`` from what.
    ``optional``: the caller can do without it.
    """

    id: str
    name: str
    family: str
    endpoint: str
    rate: float | None = None
    errors: float | None = None
    latency: float | None = None
    data_class: tuple[str, ...] = ()
    provenance: str = ""
    evidence: str = ""
    optional: bool = False

    @classmethod
    def read(cls, value: object) -> Self | None:
        """One item of ``deps``; the endpoint may be text or an object."""
        if not isinstance(value, Mapping):
            key = text(value)
            return cls(key, "", "", "") if key else None
        key = text(value.get("_id"))
        if not key:
            return None
        endpoint = value.get("endpoint")
        if isinstance(endpoint, Mapping):
            means = next(
                (word for name in ("type", "protocol", "name", "endpoint") if (word := text(endpoint.get(name)))), ""
            )
            port = text(endpoint.get("port"))
            spelled = f"{means} {port}".strip()
        else:
            spelled = ", ".join(texts(endpoint)) or text(endpoint)
        return cls(
            key,
            text(value.get("name")),
            text(value.get("family")),
            spelled,
            measure(value.get("rate")),
            share(value.get("errors")),
            measure(value.get("latency")),
            texts(value.get("data_class")),
            text(value.get("provenance")),
            text(value.get("evidence")),
            value.get("optional") is True,
        )


@dataclass(frozen=True, slots=True)
class Location:
    """Where a thing runs. ``zones`` holds one zone or several."""

    id: str = ""
    name: str = ""
    provider: str = ""
    region: str = ""
    zones: tuple[str, ...] = ()
    type: str = ""
    instance: str = ""
    instance_id: str = ""
    vpc_id: str = ""
    subnet_id: str = ""
    security_groups: tuple[str, ...] = ()
    subnet_zones: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()

    @classmethod
    def read(cls, value: object) -> Self:
        """The ``datacenters`` object of an application, server or network."""
        document = next(iter(objects(value)), None)
        if document is None:
            return cls(name=text(value)) if isinstance(value, str) else cls()
        groups = tuple(
            key
            for item in items(document.get("security_groups"))
            if (
                key := text(item.get("GroupId") or item.get("_id") or item.get("id") or item.get("name"))
                if isinstance(item, Mapping)
                else text(item)
            )
        )
        return cls(
            id=text(document.get("_id")),
            name=text(document.get("name")),
            provider=text(document.get("provider")),
            region=text(document.get("region")),
            zones=texts(document.get("zone")) or texts(document.get("zones")),
            type=text(document.get("type")),
            instance=text(document.get("instance")),
            instance_id=text(document.get("instance_id")),
            vpc_id=text(document.get("vpc_id")),
            subnet_id=text(document.get("subnet_id")),
            security_groups=groups,
            subnet_zones=tuple(words(document.get("subnet_zones"))),
            interfaces=tuple(
                key for item in objects(document.get("network_interface")) if (key := text(item.get("id")))
            ),
        )


@dataclass(frozen=True, slots=True)
class Role:
    """What an application says of its role: ports, endpoint, path, and the network it is placed in."""

    role: str = ""
    ports: str = ""
    endpoint: str = ""
    path: str = ""
    vpc_id: str = ""
    subnet_group: str = ""
    security_groups: tuple[str, ...] = ()

    @classmethod
    def read(cls, document: Document) -> Self:
        """The ``role`` object of an application."""
        groups = tuple(
            key
            for item in items(document.get("vpc_security"))
            if (
                key := text(item.get("VpcSecurityGroupId") or item.get("GroupId"))
                if isinstance(item, Mapping)
                else text(item)
            )
        )
        ports = document.get("ports") or document.get("port")
        return cls(
            role=text(document.get("role")),
            ports=", ".join(texts(ports)) or text(ports),
            endpoint=text(document.get("endpoint")),
            path=text(document.get("path")),
            vpc_id=text(document.get("vpc_id")),
            subnet_group=text(document.get("subnet_group")),
            security_groups=groups,
        )


@dataclass(frozen=True, slots=True)
class Application:
    """A piece of software, or a managed service, that others depend on."""

    collection: ClassVar[str] = "applications"

    id: str
    name: str
    family: str = APPLICATION
    environment: str = ""
    language: str = ""
    provider: str = ""
    size: str = ""
    status: str = ""
    role: Role = Role()
    systems: tuple[Ref, ...] = ()
    deps: tuple[Dependency, ...] = ()
    targets: tuple[Ref, ...] = ()
    servers: tuple[Ref, ...] = ()
    instances: tuple[str, ...] = ()
    location: Location = Location()
    tags: tuple[Tag, ...] = ()
    updated_at: str = ""
    replicas: int = 0
    faced: Faced = UNFACED
    about: About = UNSAID
    networks: tuple[Ref, ...] = ()
    access: Access = UNTOLD
    kind: str = ""
    origin: str = ""
    needs: tuple[Stated, ...] = ()

    @classmethod
    def read(cls, document: Document) -> Self | None:
        """A document of ``applications``; the same dependency may stand several times with different endpoints."""
        key, name = identity(document)
        if not key:
            return None
        deps = (Dependency.read(item) for item in items(document.get("deps")))
        return cls(
            id=key,
            name=name,
            family=family_name(text(document.get("family"))),
            environment=text(document.get("environment")),
            language=text(document.get("language")),
            provider=text(document.get("provider")),
            size=text(document.get("size")),
            status=text(document.get("status")),
            role=Role.read(child(document, "role")),
            systems=refs(document.get("system")),
            deps=tuple(dict.fromkeys(dep for dep in deps if dep)),
            targets=refs(document.get("targets")),
            servers=refs(document.get("servers")),
            instances=tuple(
                dict.fromkeys(
                    word for item in objects(document.get("instances")) if (word := text(item.get("InstanceId")))
                )
            ),
            location=Location.read(document.get("datacenters")),
            tags=read_tags(document.get("tags")),
            updated_at=read_seen(document),
            replicas=int(number(document.get("replicas"))),
            faced=read_faced(document),
            about=read_about(document),
            networks=refs([one for one in objects(document.get("networks")) if "_id" in one]),
            access=read_access(document),
            kind=text(document.get("kind")),
            origin=read_origin(document),
            needs=read_needs(document.get("needs")),
        )


@dataclass(frozen=True, slots=True)
class System:
    """A business system: its entry applications and the clients it serves."""

    collection: ClassVar[str] = "systems"

    id: str
    name: str
    entry: tuple[Ref, ...] = ()
    clients: tuple[Ref, ...] = ()
    updated_at: str = ""

    @classmethod
    def read(cls, document: Document) -> Self | None:
        """A document of ``systems``."""
        key, name = identity(document)
        if not key:
            return None
        return cls(
            key,
            name,
            refs(document.get("entry")),
            refs(document.get("clients")),
            read_seen(document),
        )


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody who is served by systems; ``contacts`` are the channels by which they are reached."""

    collection: ClassVar[str] = "clients"

    id: str
    name: str
    contacts: tuple[Tag, ...] = ()

    @classmethod
    def read(cls, document: Document) -> Self | None:
        """A document of ``clients``."""
        key, name = identity(document)
        contacts = (
            Tag(text(item.get("channel")), text(item.get("value"))) for item in objects(document.get("contacts"))
        )
        return cls(key, name, tuple(one for one in contacts if one.value)) if key else None


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk as a server lists it; ``size`` in GB, 0 when unknown."""

    id: str
    name: str
    mount: str
    size: float


@dataclass(frozen=True, slots=True)
class Interface:
    """One network interface as a server lists it."""

    name: str
    id: str = ""
    mac: str = ""
    addresses: tuple[str, ...] = ()
    subnet: str = ""
    groups: tuple[str, ...] = ()

    @classmethod
    def read(cls, document: Document) -> Self:
        """One of a server's ``interfaces``."""
        return cls(
            text(document.get("name")),
            text(document.get("id")),
            text(document.get("mac")),
            (*texts(document.get("ipv4")), *texts(document.get("ipv6"))),
            text(document.get("subnet_id")),
            texts(document.get("security_groups")),
        )


@dataclass(frozen=True, slots=True)
class Server:
    """A machine; ``memory`` in GB."""

    collection: ClassVar[str] = "servers"

    id: str
    name: str
    hostname: str = ""
    unique_id: str = ""
    ipv4_private: tuple[str, ...] = ()
    ipv4_public: tuple[str, ...] = ()
    os: str = ""
    cpu: float = 0.0
    memory: float = 0.0
    storage: tuple[Disk, ...] = ()
    role: str = ""
    environment: str = ""
    status: str = ""
    applications: tuple[Ref, ...] = ()
    location: Location = Location()
    tags: tuple[Tag, ...] = ()
    updated_at: str = ""
    faced: Faced = UNFACED
    about: About = UNSAID
    interfaces: tuple[Interface, ...] = ()
    origin: str = ""

    @classmethod
    def read(cls, document: Document) -> Self | None:
        """A document of ``servers``."""
        key, name = identity(document)
        if not key:
            return None
        system = child(document, "os")
        hostname = text(document.get("hostname"))
        return cls(
            id=key,
            name=hostname or name,
            hostname=hostname,
            unique_id=text(document.get("unique_id")),
            ipv4_private=texts(document.get("ipv4_private")),
            ipv4_public=texts(document.get("ipv4_public")),
            os=" ".join(word for name in ("dist", "version") if (word := text(system.get(name))))
            or text(system.get("base")),
            cpu=number(document.get("cpu")),
            memory=gigabytes(document.get("memory")),
            storage=tuple(
                Disk(
                    text(disk.get("unique_id")),
                    text(disk.get("name")),
                    text(disk.get("mount")),
                    gigabytes(disk.get("size")),
                )
                for disk in objects(document.get("storage"))
            ),
            role=text(document.get("role")),
            environment=text(document.get("environment")),
            status=text(document.get("status")),
            applications=refs(document.get("applications")),
            location=Location.read(document.get("datacenters")),
            tags=read_tags(document.get("tags")),
            updated_at=read_seen(document),
            faced=read_faced(document, machine=True),
            about=read_about(document, machine=True),
            interfaces=tuple(Interface.read(item) for item in objects(document.get("interfaces"))),
            origin=read_origin(document),
        )


@dataclass(frozen=True, slots=True)
class Datacenter:
    """A provider's account or a building, with the regions and zones it names."""

    collection: ClassVar[str] = "datacenters"

    id: str
    name: str
    provider: str = ""
    regions: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()

    @classmethod
    def read(cls, document: Document) -> Self | None:
        """A document of ``datacenters``."""
        key, name = identity(document)
        if not key:
            return None
        return cls(
            key,
            name,
            text(document.get("provider")),
            texts(document.get("regions")),
            texts(document.get("zones")),
        )


@dataclass(frozen=True, slots=True)
class Volume:
    """A disk of the provider's; ``size`` in GB."""

    collection: ClassVar[str] = "volumes"

    id: str
    name: str
    unique_id: str = ""
    size: float = 0.0
    status: str = ""
    server: str = ""
    location: Location = Location()
    data_class: tuple[str, ...] = ()
    updated_at: str = ""

    @classmethod
    def read(cls, document: Document) -> Self | None:
        """A document of ``volumes``."""
        key = text(document.get("_id"))
        if not key:
            return None
        return cls(
            key,
            text(document.get("name")) or text(document.get("unique_id")) or key,
            text(document.get("unique_id")),
            gigabytes(document.get("size")),
            text(document.get("status")),
            text(child(document, "server").get("_id")) or text(document.get("server")),
            Location.read(document.get("datacenters")),
            texts(document.get("data_class")),
            read_seen(document),
        )
