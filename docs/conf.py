"""How the site is built: ``python3 -m devtool docs``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analytics.about import VERSION

project = "Analytics Maestro"
copyright = "the authors of Analytics Maestro, Apache License 2.0"  # noqa: A001 - Sphinx's name
release = version = VERSION
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
myst_heading_anchors = 4
nitpicky = True
html_theme = "furo"
html_title = f"Analytics Maestro {VERSION}"
html_show_sourcelink = False
html_copy_source = False
