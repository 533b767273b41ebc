"""The graph of a drawing for other programs: the same model, as text that they read.

Whatever is drawn stands in every format: nodes, boxes, lines, and the sum that
accounts for what was found; what was left out by name in those that have room for it.
Formats that know places get those of the ground seen from above. Untrusted text
passes the sanitiser of the drawings and then the escapes of each format, which
are made by alphabet: what is not known to be harmless is spelled by its number.

Each format is offered by a plugin file, see :func:`analytics.pipeline.hookspecs.analytics_formats`.
"""

from .formats import PAPERS, Format, PictureFormat, Size

__all__ = ["PAPERS", "Format", "PictureFormat", "Size"]
