"""The provider Hetzner: how it is spelled, and its colour."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.catalog.providers import Provider


@hookimpl
def analytics_providers() -> Iterator[Provider]:
    yield Provider("hetzner", "Hetz", "Hetzner", "#b0232a", ("hetzner cloud", "hcloud"))
