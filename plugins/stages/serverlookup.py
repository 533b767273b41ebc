"""Server lookup stage: which servers, and what runs on them or is managed beside them?"""

from analytics import Stage, hookimpl
from analytics.graphs.lookup import find_estate


@hookimpl
def analytics_stages():
    yield Stage("serverlookup", find_estate)
