"""The graph of a drawing for other programs: the same model, as text that they read.

Whatever is drawn stands in every format: nodes, boxes, lines, and the sum that
accounts for what was found; what was left out by name in those that have room for it.
Formats that know places get those of the ground seen from above. Untrusted text
passes the sanitiser of the drawings and then the escapes of each format, which
are made by alphabet: what is not known to be harmless is spelled by its number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..model.grid import Grid
from .document import to_json
from .dot import to_dot
from .drawio import to_drawio
from .graphml import to_graphml
from .mermaid import to_mermaid
from .outline import to_markdown

__all__ = ["FORMATS", "Format"]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the ending of its files, its media type, what a person calls it, and who writes it."""

    suffix: str
    media_type: str
    title: str
    write: Callable[[Grid], str]


#: All formats by suffix, in the order in which they are offered.
FORMATS = {
    form.suffix: form
    for form in (
        Format("drawio", "application/vnd.jgraph.mxfile", "draw.io", to_drawio),
        Format("graphml", "application/graphml+xml", "GraphML", to_graphml),
        Format("mmd", "text/vnd.mermaid", "Mermaid", to_mermaid),
        Format("dot", "text/vnd.graphviz", "Graphviz", to_dot),
        Format("json", "application/json", "JSON", to_json),
        Format("md", "text/markdown", "Text", to_markdown),
    )
}
