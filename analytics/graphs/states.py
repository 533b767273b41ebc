"""What is marked because it runs no longer: the states that say so, as inventories and providers write them. Pure."""

from __future__ import annotations

from ..model.graph import Badge

#: States of things that do no work.
AT_REST = frozenset(
    {
        *("inactive", "retired", "decommissioned", "archived", "stopped", "stopping", "terminated", "shutting-down"),
        *("shutoff", "suspended", "paused", "deallocated", "deallocating", "off", "poweredoff", "shutdown", "deleted"),
        *("disabled", "deleting", "deprecated", "down", "error", "failed"),
    }
)


def rest_badges(status: str) -> tuple[Badge, ...]:
    """The mark of a thing whose state says that it does no work; Azure writes ``PowerState/`` before it.

    >>> [badge.text for badge in rest_badges("Stopped")], rest_badges("running"), rest_badges("")
    (['status: Stopped'], (), ())
    """
    word = status.rpartition("/")[2].casefold().replace("_", "").replace(" ", "")
    return (Badge("×", f"status: {status}", "warn", "does not run"),) if word in AT_REST else ()
