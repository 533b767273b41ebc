"""Providers: their names, how inventories spell them, and their colours."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ..errors import PluginError
from ..text import clean_text


@dataclass(frozen=True, slots=True)
class Provider:
    """How a provider is shown: ``key`` in class names, ``code`` on the tile, ``name`` in the legend.

    ``colour`` is ``#rrggbb``. ``spellings`` are other names for it, in lower case.
    """

    key: str
    code: str
    name: str
    colour: str
    spellings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,19}", self.key):
            raise PluginError(f"provider {self.name!r}: a key is lower-case letters, digits and -, at most 20")
        if not re.fullmatch(r"#[0-9a-f]{6}", self.colour):
            raise PluginError(f"provider {self.name!r}: a colour is #rrggbb in lower case, not {self.colour!r}")


#: What stands for the owner's own premises in a record.
PREMISE = "premise"
#: What stands for a provider that nobody states: that is not to say that the thing stands on own premises.
UNKNOWN = "unknown"
#: The providers this service knows; a plugin file yields them, and others may add theirs.
CORE = (
    Provider("aws", "AWS", "AWS", "#c4692c", ("amazon", "amazon web services", "amazon aws")),
    Provider("azure", "Azure", "Azure", "#7396bc", ("microsoft azure", "azurerm")),
    Provider("openstack", "OStack", "OpenStack", "#af071a"),
    Provider(
        *("google", "GCE", "Google CloudEngine", "#3b7ec6"),
        ("google", "google cloud", "google cloud platform", "google compute engine", "gcp", "gce"),
    ),
    Provider("do", "DO", "Digital Ocean", "#046cce", ("digitalocean",)),
    Provider("linode", "Linode", "Linode", "#037720"),
    Provider("rackspace", "RackSp", "Rackspace", "#c1001b"),
    Provider("heroku", "Heroku", "Heroku", "#6053b5"),
    Provider("ovh", "OVH", "OVH", "#155d91", ("ovhcloud",)),
    Provider("godaddy", "GoDad", "GoDaddy", "#18db5f"),
    Provider(
        PREMISE,
        "own",
        "own premises",
        "#8e8e8e",
        ("premises", "on premise", "on-premise", "on premises", "onpremise", "own"),
    ),
    Provider(UNKNOWN, "?", "unknown", "#7a6a80", ("", "none", "n/a")),
)

#: Colours for providers nobody foresaw: hues apart from each other, dark enough for white, none of them alarming.
HUES = (
    *("#5b6f2f", "#2f7d6b", "#2c6f8f", "#4a62a8", "#7250a0", "#94467f"),
    *("#a04a5e", "#8a5a3c", "#7a6a2a", "#44733f", "#276f7f", "#5c5f8a"),
)

#: What is not a matter of providers, and what the inventory does not hold.
NEUTRAL = Provider("neutral", "", "", "#76818f")

_known: dict[str, Provider] = {}


def adopt(providers: Iterable[Provider]) -> None:
    """Make ``providers`` those of this process. Called once at start, with what the loaded plugins offer."""
    _known.clear()
    for provider in providers:
        for name in (provider.name.casefold(), provider.key, *provider.spellings):
            _known[name] = provider
    provider_of.cache_clear()
    providers_of.cache_clear()


def providers() -> tuple[Provider, ...]:
    """Every provider known by name, each once."""
    return tuple({provider.key: provider for provider in _known.values()}.values())


@lru_cache(maxsize=2_048)
def provider_of(name: str) -> Provider:
    """How the provider called ``name`` is shown, whatever its case; an unknown one gets a stable colour.

    A service of a known provider (``Lambda (AWS)``) is that provider's.

    >>> provider_of("DIGITAL OCEAN").code, provider_of("Lambda (AWS)").name, provider_of("").name
    ('DO', 'AWS', 'unknown')
    """
    spelled = " ".join(name.split()).casefold()
    known = _known.get(spelled)
    if known is None and spelled.endswith(")"):
        known = _known.get(spelled[:-1].rpartition("(")[2].strip())
    if known is not None:
        return known
    number = hashlib.blake2b(spelled.encode("utf-8", "surrogatepass"), digest_size=2).digest()[0] % len(HUES)
    return Provider(f"hue{number}", clean_text(name, 60)[:6].strip(" ("), clean_text(name, 60), HUES[number])


@lru_cache(maxsize=2_048)
def providers_of(names: str) -> tuple[Provider, ...]:
    """The providers of a node (several are joined by `` + ``), each once, in their order."""
    found = (provider_of(name) for name in names.split(" + "))
    return tuple({provider.name: provider for provider in found}.values())


def provider_name(text: str) -> str:
    """A provider's usual name, whatever way it is spelled; nothing is not known.

    >>> provider_name("Amazon Web Services"), provider_name(""), provider_name("Hetzner")
    ('AWS', 'unknown', 'Hetzner')
    """
    known = _known.get(" ".join(text.split()).casefold())
    if known is None:
        return text.strip()
    return known.key if known.key in (PREMISE, UNKNOWN) else known.name


adopt(CORE)
