"""What people write about a thing, and when it was last seen: the same in every collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .values import Document, items, objects, text, texts


@dataclass(frozen=True, slots=True)
class Tag:
    """A label somebody put on a thing."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class About:
    """What is said of an application or a server beside what it is; each part may be empty.

    ``team`` looks after it, ``data_class`` is what data it holds, ``links`` are
    pages about it by what each is called. ``host``, ``kind``, ``rack`` and ``cables`` are
    a machine's. ``cables`` and ``depends`` are ids: of machines at the other ends, and of
    what it was built with.
    """

    description: str = ""
    team: str = ""
    lifecycle: str = ""
    links: tuple[Tag, ...] = ()
    data_class: tuple[str, ...] = ()
    namespace: str = ""
    cluster: str = ""
    image: str = ""
    version: str = ""
    host: str = ""
    kind: str = ""
    rack: str = ""
    cables: tuple[str, ...] = ()
    depends: tuple[str, ...] = ()


#: What a record has of which nothing was said.
UNSAID = About()


def read_about(document: Document, *, machine: bool = False) -> About:
    """What a document says of its thing; ``host``, ``kind``, ``rack`` and ``cables`` of a machine only."""
    return About(
        description=text(document.get("description")),
        team=text(document.get("team")),
        lifecycle=text(document.get("lifecycle")),
        links=read_links(document.get("links")),
        data_class=texts(document.get("data_class")),
        namespace=text(document.get("namespace")),
        cluster=text(document.get("cluster")),
        image=text(document.get("image")),
        version=text(document.get("version")),
        host=text(document.get("host")) if machine else "",
        kind=text(document.get("kind")) if machine else "",
        rack=text(document.get("rack")) if machine else "",
        cables=ids(document.get("cables")) if machine else (),
        depends=ids(document.get("depends")),
    )


def ids(value: object) -> tuple[str, ...]:
    """The ids in a list of references, each once; ``{"_id": …}`` or the id alone.

    >>> ids([{"_id": "sw1"}, "sw2", {"_id": "sw1"}, {}])
    ('sw1', 'sw2')
    """
    found = (text(item.get("_id")) if isinstance(item, Mapping) else text(item) for item in items(value))
    return tuple(dict.fromkeys(key for key in found if key))


def read_seen(document: Document) -> str:
    """When a thing was last seen: where nobody says so, when it was last written."""
    return text(document.get("as_of")) or text(document.get("updated_at"))


def read_links(value: object) -> tuple[Tag, ...]:
    """``[{"title", "url"}]``, or bare addresses, as pages about a thing, by what each is called."""
    found = []
    for item in items(value):
        if isinstance(item, Mapping):
            url = text(item.get("url"))
            title = text(item.get("title")) or text(item.get("text")) or text(item.get("name")) or url
        else:
            title = url = text(item)
        if url.startswith(("https://", "http://")):
            found.append(Tag(title, url))
    return tuple(found)


def read_tags(value: object) -> tuple[Tag, ...]:
    """``[{"key", "value"}]`` as tags; anything else is left out."""
    return tuple(Tag(key, text(item.get("value"))) for item in objects(value) if (key := text(item.get("key"))))
