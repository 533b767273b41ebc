"""What ``-v`` says beside the rest: what was asked for, what came of it, what was written, time and memory."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from ..layout.kernels import described
from ..model.artifacts import Drawing, GraphRequest
from ..text import many, named

#: Things a line names.
MOST_NAMED = 5


def asked(request: GraphRequest) -> str:
    """The request as it was understood.

    >>> print(asked(GraphRequest("g", "o", "infra", hops=2)))
    asked: infra, from everything, down, 2 calls; detail standard, effort standard, projection of the type, theme light
    """
    refs = [ref.name or ref.id for ref in request.refs]
    start = f"{request.entry} {named(refs, MOST_NAMED)}" if refs else "everything"
    far = [many(request.hops, "call")] if request.hops else []
    inside = [f"inside {request.inside}"] if request.inside else []
    way = ", ".join((request.graph_type, f"from {start}", request.direction, *far, *inside))
    looks = f"detail {request.detail}, effort {request.effort}, projection {request.projection or 'of the type'}"
    return f"asked: {way}; {looks}, theme {request.theme}"


def came(drawing: Drawing) -> str:
    """How large the drawing is."""
    grid, graph = drawing.grid, drawing.grid.graph
    things = [many(len(graph.nodes), "node"), many(len(graph.containers), "container"), many(len(graph.edges), "line")]
    ground = f"{grid.width:.0f} × {grid.depth:.0f} tiles"
    return f"laid out: {', '.join(things)} on {ground}, {grid.projection}; kernels {described()}"


def wrote(shown: str, size: int, seconds: float) -> str:
    """What was written."""
    return f"wrote {shown}: {size:,} bytes in {seconds * 1000:.0f} ms"


def spent(seconds: float) -> Iterator[str]:
    """Time, and memory where the system tells."""
    yield f"took {seconds:.1f} s"
    try:
        import resource
    except ImportError:  # Windows
        return
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
    yield f"memory at most {kilobytes / 1024:.0f} MB"
