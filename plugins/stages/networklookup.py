"""Network lookup stage: which networks, subnets, rules and routes are there?"""

from collections.abc import Iterator

from analytics import Context, Stage, hookimpl
from analytics.documents import NetworkItem
from analytics.model import Networks


def find_networks(ctx: Context) -> Networks:
    """All network documents of the owner; which of them matter, what stands in them says."""
    return Networks(ctx.inventory.find(NetworkItem))


@hookimpl
def analytics_stages() -> Iterator[Stage]:
    yield Stage("networklookup", find_networks)
