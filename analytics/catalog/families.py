"""Families of applications: the names that inventories use, and what follows from each. Others do turn up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

APPLICATION: Final = "Application"
LOAD_BALANCER: Final = "Loadbalance"
DATABASE: Final = "Database"

#: The families this service knows, in the order in which a reader meets them.
FAMILIES = (
    *(APPLICATION, LOAD_BALANCER, "Broker", DATABASE, "Serverless", "ApiGateway", "ContainerOrchestration"),
    *("ServiceMesh", "Cache", "CDN", "ObjectStorage", "Monitor", "Logs", "SMTP", "ServiceDiscovery", "VPN", "CI/CD"),
    *("DNS", "Repository", "Auth", "NAS", "AutoScaling", "AutoScalingPlan", "ServerlessLayer", "MachineLearning"),
    "Corporate",
)
#: Who stands in front of a system: the first of these groups that it has applications of.
FRONT = (
    frozenset({"CDN", "ApiGateway", LOAD_BALANCER, "NAS"}),
    frozenset({APPLICATION, "Serverless", "ObjectStorage"}),
    frozenset({"ServiceDiscovery", "VPN", "CI/CD"}),
)
_known: dict[str, str] = {}


def adopt(names: Iterable[str]) -> None:
    """Make ``names`` known beside :data:`FAMILIES`: those that plugins draw symbols for. Called once at start."""
    _known.clear()
    _known.update({name.casefold(): name for name in (*FAMILIES, *names)})


def family_name(text: str) -> str:
    """A family as this service writes it, whatever its case; one that nobody knows as it is, nothing is an application.

    >>> family_name("database"), family_name("Mainframe"), family_name("")
    ('Database', 'Mainframe', 'Application')
    """
    stripped = text.strip()
    return _known.get(stripped.casefold(), stripped) or APPLICATION


adopt(())
