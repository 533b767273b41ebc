"""A rule that only code can say: names of servers begin with their datacenter's initials; and a pack of house rules."""

from collections.abc import Iterable, Iterator

from analytics import hookimpl
from analytics.documents import Inventory, Server
from analytics.model.rules import Broken, OwnRule, RulePack

HOUSE = "rules: [{id: house-team, each: application, must: {team: present}, level: warning}]"


def check_names(inventory: Inventory) -> tuple[int, Iterable[Broken]]:
    """How many servers were looked at, and those with another name."""
    servers = inventory.find(Server)
    broken = []
    for server in servers:
        start = "".join(word[0] for word in server.location.name.lower().split())
        if not start:
            broken.append(Broken(f"servers/{server.id}", "has no recorded datacenter", "cannot-tell"))
        elif not server.name.startswith(start):
            broken.append(Broken(f"servers/{server.id}", f"has a name that does not begin with {start}"))
    return len(servers), broken


@hookimpl
def analytics_rules() -> Iterator[OwnRule | RulePack]:
    yield OwnRule("server-names", "Servers are named after their datacenter", check_names, "warning")
    yield RulePack("house", "Our house rules", HOUSE)
