"""Ways into an application that its files state, and who may call it: what is published, balanced, permitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .values import Document, child, objects, text, texts


@dataclass(frozen=True, slots=True)
class Way:
    """One way in from outside.

    ``how`` names what opens it (``Ingress shop``, ``published``), ``port`` may be empty
    or words, ``protocol`` is ``tcp`` or ``udp``. ``internal``: the world does not get that
    far. ``ranges``: only these may; empty is everybody.
    """

    how: str
    host: str = ""
    port: str = ""
    protocol: str = "tcp"
    internal: bool = False
    ranges: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The way as people say it.

        >>> Way("Ingress in", "shop.example", "443").words, Way("published", "", "22", "udp", True).words
        ('Ingress in: shop.example, tcp 443', 'published: udp 22 (from inside only)')
        """
        where = ", ".join(word for word in (self.host, f"{self.protocol} {self.port}".strip()) if word)
        return f"{self.how}: {where}{' (from inside only)' if self.internal else ''}"


@dataclass(frozen=True, slots=True)
class Permitted:
    """Whom a policy lets in: an application by id, an address range, or everybody; ``ports`` in words."""

    application: str = ""
    range: str = ""
    everybody: bool = False
    ports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Access:
    """How an application is reached, as its files state it; ``told`` where they are of a kind that would."""

    ways: tuple[Way, ...] = ()
    isolated: bool = False
    permitted: tuple[Permitted, ...] = ()
    told: bool = False


#: Of what nothing is said.
UNTOLD = Access()


def read_access(document: Document) -> Access:
    """The ways and permissions of an application's document."""
    ways = tuple(
        Way(
            text(one.get("how")) or "open",
            text(one.get("host")) or text(one.get("address")),
            text(one.get("port")) or text(one.get("target")),
            text(one.get("protocol")) or "tcp",
            one.get("internal") is True,
            texts(one.get("ranges")),
        )
        for one in objects(document.get("exposure"))
    )
    permitted = tuple(
        Permitted(
            text(one.get("ref")) or text(child(one, "ref").get("_id")),
            text(one.get("range")),
            one.get("everybody") is True,
            texts(one.get("ports")),
        )
        for one in objects(document.get("allowed_from"))
    )
    isolated = isinstance(document.get("isolated"), Mapping) and child(document, "isolated").get("in") is True
    told = any(text(one.get("format")) in ("kubernetes", "compose") for one in objects(document.get("source")))
    return Access(ways, isolated, permitted, told or bool(ways))


def read_origin(document: Document) -> str:
    """Where a document is from, in words: file and place of each of its sources.

    >>> read_origin({"source": [{"format": "compose", "file": "a/compose.yaml", "place": "line 1, services.web"}]})
    'compose.yaml line 1, services.web'
    """
    found = []
    for one in objects(document.get("source")):
        file = text(one.get("file")).rpartition("/")[2]
        how = f" ({text(one.get('how'))}: {text(one.get('why'))})" if text(one.get("how")) else ""
        found.append(f"{file} {text(one.get('place'))}".strip() + how)
    return "; ".join(word for word in found if word)
