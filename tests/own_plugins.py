"""The formats and the kinds of inventories that the project's own plugin files offer."""

from analytics.pipeline.registry import load
from analytics.settings import ROOT

_OWN = load(ROOT / "plugins", entry_points=False)
FORMATS, INVENTORIES = _OWN.formats, _OWN.inventories
