"""The formats and the kinds of inventories that the project's own plugin files offer."""

from analytics.export import Format, PictureFormat
from analytics.pipeline.registry import load
from analytics.settings import ROOT

_OWN = load(ROOT / "plugins", entry_points=False)
#: Formats that are written from the graph, and those made of the picture.
FORMATS = {suffix: form for suffix, form in _OWN.formats.items() if isinstance(form, Format)}
PICTURES = {suffix: form for suffix, form in _OWN.formats.items() if isinstance(form, PictureFormat)}
INVENTORIES = _OWN.inventories
