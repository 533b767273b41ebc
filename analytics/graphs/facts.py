"""What people say of a thing beside what it is, as rows: the same in every graph. Pure."""

from __future__ import annotations

from ..documents.about import About
from ..documents.entities import Application, Interface, Server
from ..model.graph import Link

#: Interfaces a tooltip spells out before it counts.
SPELLED = 12


def about_rows(about: About) -> dict[str, str]:
    """Who looks after it, what it is for, where and what it runs; empty ones are left out later."""
    return {
        "kind": about.kind,
        "host": about.host,
        "rack": about.rack,
        "namespace": about.namespace,
        "team": about.team,
        "lifecycle": about.lifecycle,
        "data class": ", ".join(about.data_class),
        "image": about.image,
        "version": about.version,
        "description": about.description,
    }


def address_rows(thing: Application | Server) -> dict[str, str]:
    """IPv6 addresses, wherever they are written, and the interfaces that are listed."""
    found = (*thing.faced.public, *thing.faced.private)
    listed = thing.interfaces if isinstance(thing, Server) else ()
    more = [f"(+{len(listed) - SPELLED})"] if len(listed) > SPELLED else []
    return {
        "ipv6": ", ".join(word for word in found if ":" in word),
        "interfaces": "; ".join([*map(in_words, listed[:SPELLED]), *more]),
    }


def in_words(interface: Interface) -> str:
    """An interface as people write it.

    >>> in_words(Interface("eth0", addresses=("10.0.1.5",), subnet="subnet-1"))
    'eth0 10.0.1.5 in subnet-1'
    """
    words = [interface.name or interface.id, ", ".join(interface.addresses), interface.mac]
    words += [f"in {interface.subnet}"] if interface.subnet else []
    return " ".join(word for word in words if word)


def links_of(about: About) -> tuple[Link, ...]:
    """The pages about a thing."""
    return tuple(Link(link.key, link.value) for link in about.links)


def access_rows(app: Application) -> dict[str, str]:
    """How an application is reached from outside, who may call it, its networks, and where all of that is from."""
    access = app.access
    more = [f"(+{len(access.ways) - SPELLED})"] if len(access.ways) > SPELLED else []
    return {
        "kind": app.kind,
        "reached by": "; ".join([*(way.words for way in access.ways[:SPELLED]), *more]),
        "policies": "let in only what they name" if access.isolated else "",
        "networks": ", ".join(ref.id.rpartition("/")[2] for ref in app.networks),
        "source": app.origin,
    }
