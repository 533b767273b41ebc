"""What was measured of calls, on the lines that stand for them. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from ..documents.entities import Dependency
from ..model.details import traffic_rows
from ..model.graph import Attribute, Edge, Graph, Measure
from ..model.kinds import Provenance

#: Reasons that a line's details spell out.
SPELLED = 3


def measured_calls(deps: Sequence[Dependency]) -> tuple[Measure, ...]:
    """What was measured of the calls that one line stands for.

    Rates add up; the share that fails is that of all calls where every rate is
    known, else the worst; of times the longest counts.

    >>> one = Dependency("b", "", "", "rest", rate=30.0, errors=0.0, latency=10.0)
    >>> two = Dependency("b", "", "", "grpc", rate=10.0, errors=0.04, latency=50.0)
    >>> [(one.quantity, one.value) for one in measured_calls([one, two])]
    [('rate', 40.0), ('errors', 0.01), ('latency', 50.0)]
    """
    rates = [dep.rate for dep in deps if dep.rate is not None]
    failing = [dep.errors for dep in deps if dep.errors is not None]
    times = [dep.latency for dep in deps if dep.latency is not None]
    found = [Measure("rate", math.fsum(rates))] if rates else []
    if failing:
        failed = [dep.rate * dep.errors for dep in deps if dep.rate is not None and dep.errors is not None]
        whole = math.fsum(rates) if len(failed) == len(deps) else 0.0
        found.append(Measure("errors", math.fsum(failed) / whole if whole else max(failing)))
    return tuple(found + ([Measure("latency", max(times))] if times else []))


def data_rows(deps: Sequence[Dependency]) -> tuple[Attribute, ...]:
    """What data goes along, and what calls that are not stated follow from."""
    classes = sorted({word for dep in deps for word in dep.data_class})
    known = sorted({dep.evidence for dep in deps if dep.evidence})
    rows = {"data class": ", ".join(classes), "known by": "; ".join(known[:SPELLED])}
    return tuple(Attribute(name, value) for name, value in rows.items() if value)


def certainty(deps: Sequence[Dependency]) -> Provenance:
    """How calls are known: one that is stated or measured makes the line sure."""
    return "inferred" if deps and all(dep.provenance == "inferred" for dep in deps) else "stated"


def with_numbers(graph: Graph) -> Graph:
    """``graph`` with what was measured written on its lines."""
    return replace(graph, edges=tuple(numbered(edge) for edge in graph.edges))


def numbered(edge: Edge) -> Edge:
    """A line that says what was measured of it.

    >>> numbered(Edge("a", "b", label="rest", measures=(Measure("rate", 120), Measure("latency", 35)))).label
    'rest · 120 /s · 35 ms'
    """
    words = [value for _, value in traffic_rows(edge)]
    return replace(edge, label=" · ".join(filter(None, (edge.label, *words)))) if words else edge
