"""Providers: their names, how inventories spell them, and their colours."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from ..text import clean_text


@dataclass(frozen=True, slots=True)
class Provider:
    """How a provider is shown: ``key`` in class names, ``code`` on the tile, ``name`` in the legend."""

    key: str
    code: str
    name: str
    colour: str


_PROVIDERS = (
    Provider("aws", "AWS", "AWS", "#c4692c"),
    Provider("azure", "Azure", "Azure", "#7396bc"),
    Provider("openstack", "OStack", "OpenStack", "#af071a"),
    Provider("google", "GCE", "Google CloudEngine", "#3b7ec6"),
    Provider("do", "DO", "Digital Ocean", "#046cce"),
    Provider("linode", "Linode", "Linode", "#037720"),
    Provider("rackspace", "RackSp", "Rackspace", "#c1001b"),
    Provider("heroku", "Heroku", "Heroku", "#6053b5"),
    Provider("ovh", "OVH", "OVH", "#155d91"),
    Provider("godaddy", "GoDad", "GoDaddy", "#18db5f"),
    Provider("premise", "own", "own premises", "#8e8e8e"),
)
_SPELLINGS = {
    "amazon": "aws",
    "amazon web services": "aws",
    "google": "google",
    "google cloudengine": "google",
    "google cloud": "google",
    "google compute engine": "google",
    "gcp": "google",
    "gce": "google",
    "digital ocean": "do",
    "digitalocean": "do",
    "": "premise",
    "premise": "premise",
    "premises": "premise",
    "on premise": "premise",
    "own premises": "premise",
}
_BY_KEY = {provider.key: provider for provider in _PROVIDERS}

#: Colours for providers nobody foresaw: hues apart from each other, dark enough for white, none of them alarming.
_HASHED = (
    *("#5b6f2f", "#2f7d6b", "#2c6f8f", "#4a62a8", "#7250a0", "#94467f"),
    *("#a04a5e", "#8a5a3c", "#7a6a2a", "#44733f", "#276f7f", "#5c5f8a"),
)

#: What is not a matter of providers, and what the inventory does not hold.
NEUTRAL = Provider("neutral", "", "", "#76818f")


@lru_cache(maxsize=2_048)
def provider_of(name: str) -> Provider:
    """How the provider called ``name`` is shown, whatever its case; an unknown one gets a stable colour.

    A service of a known provider (``Lambda (AWS)``) is that provider's.

    >>> provider_of("DIGITAL OCEAN").code, provider_of("Lambda (AWS)").name, provider_of("").name
    ('DO', 'AWS', 'own premises')
    """
    spelled = " ".join(name.split()).casefold()
    key = _SPELLINGS.get(spelled, spelled)
    if key not in _BY_KEY and key.endswith(")"):
        inside = key[:-1].rpartition("(")[2].strip()
        inside = _SPELLINGS.get(inside, inside)
        key = inside if inside in _BY_KEY else key
    if key in _BY_KEY:
        return _BY_KEY[key]
    number = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=2).digest()[0] % len(_HASHED)
    return Provider(f"hue{number}", clean_text(name, 60)[:6].strip(" ("), clean_text(name, 60), _HASHED[number])


@lru_cache(maxsize=2_048)
def providers_of(names: str) -> tuple[Provider, ...]:
    """The providers of a node (several are joined by `` + ``), each once, in their order."""
    found = (provider_of(name) for name in names.split(" + "))
    return tuple({provider.name: provider for provider in found}.values())


#: Providers as people write them, by their name without case.
PROVIDERS = {
    name.lower(): name
    for name in (
        "AWS",
        "Azure",
        "Digital Ocean",
        "OpenStack",
        "Google CloudEngine",
        "Linode",
        "Rackspace",
        "Heroku",
        "OVH",
        "GoDaddy",
    )
}
PREMISE = "premise"


def provider_name(text: str) -> str:
    """A provider's usual spelling; nothing is own premises.

    >>> provider_name("aws"), provider_name(""), provider_name("Hetzner")
    ('AWS', 'premise', 'Hetzner')
    """
    return PROVIDERS.get(text.strip().lower(), text.strip()) or PREMISE
