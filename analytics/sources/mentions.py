"""Addresses in free values (environment, arguments): host and port are parsed, and nothing else is kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

#: A bare word is an address only under a key that ends in one of these.
_ADDRESS_KEYS = re.compile(
    r"(HOST|HOSTS|HOSTNAME|ADDR|ADDRESS|ADDRESSES|URL|URLS|URI|URIS|ENDPOINT|ENDPOINTS|SERVER|SERVERS"
    r"|BROKER|BROKERS|UPSTREAM|TARGET|PEER|PEERS|DSN|SERVICE)$"
)
_SCHEME = re.compile(r"^(?:jdbc:)?([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_HOST = re.compile(r"^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?))(?::(\d{1,5}|\*))?$")
#: Never a call: the machine itself, or all of its addresses.
NOBODY = frozenset({"localhost", "0.0.0.0", "127.0.0.1", "::", "::1", "host.docker.internal"})  # noqa: S104 - nothing is bound
#: The most characters of a value that are looked at.
LONGEST = 4_096


@dataclass(frozen=True, slots=True)
class Mention:
    """A host that a value names; ``scheme`` and ``port`` may be empty. ``bare``: it has neither, and no dot."""

    host: str
    scheme: str = ""
    port: str = ""
    bare: bool = False

    @property
    def label(self) -> str:
        """How it is reached: scheme and port.

        >>> Mention("db", "postgresql", "5432").label, Mention("db", "", "3306").label
        ('postgresql 5432', '3306')
        """
        return f"{self.scheme} {self.port}".strip()


def mentions(key: str, value: object) -> Iterator[Mention]:
    """The hosts a value under ``key`` names; credentials, paths and queries are dropped at once.

    >>> [one.host for one in mentions("DB_URL", "postgres://u:s3cret@db:5432/shop?ssl=1")]
    ['db']
    >>> [(one.host, one.port) for one in mentions("BROKERS", "kafka-0:9092,kafka-1:9092")]
    [('kafka-0', '9092'), ('kafka-1', '9092')]
    >>> list(mentions("POSTGRES_DB", "orders"))
    []
    >>> [one.host for one in mentions("MONGO", "mongodb://a,b:27017/x")]
    ['a', 'b']
    """
    if not isinstance(value, str) or len(value) > LONGEST:
        return
    scheme = ""
    for word in re.split(r"[,;\s]+", value.strip()):
        word = word.strip("\"'()")
        found = _SCHEME.match(word)
        if found:
            scheme = found[1].lower()
            word = word[found.end() :]
        elif word.startswith("//"):
            word = word[2:]
        addressed = bool(scheme)
        word = re.split(r"[/?#\\]", word, maxsplit=1)[0].rpartition("@")[2]
        if word.endswith(":") and _ADDRESS_KEYS.search(key.upper()):  # the port is a variable that nobody knows
            addressed, word = True, word[:-1]
        host = _HOST.match(word)
        if host is None:
            scheme = scheme if found else ""
            continue
        name, port = (host[1] or host[2]).lower(), host[3] or ""
        if name in NOBODY or (name.isdigit() and not found):
            continue
        bare = not addressed and not port
        if bare and not _ADDRESS_KEYS.search(key.upper()):
            continue
        if port and not addressed and not re.search(r"[a-z_]", name) and name.count(".") != 3:
            continue
        yield Mention(name, scheme, port if port != "*" else "", bare and "." not in name)


def expanded(value: str, known: Mapping[str, str]) -> str:
    """A value with ``$(NAME)`` replaced by what ``known`` says.

    >>> expanded("$(HOST):80", {"HOST": "web"}), expanded("$(NONE)", {})
    ('web:80', '$(NONE)')
    """
    return re.sub(r"\$\(([A-Za-z_][\w.-]*)\)", lambda found: known.get(found[1], found[0]), value)
