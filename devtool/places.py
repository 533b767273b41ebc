"""Where things are: the checkout, and the folder of everything devtool makes beside the virtual environment."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Logs, secrets, data of the private Redis, and who is running. Not under version control.
STATE = ROOT / ".maestro"
LOGS = STATE / "logs"
SAMPLE = ROOT / "devtool" / "sample" / "inventory.json"
#: What a deployment installs, and what tests and checks need beyond it.
REQUIREMENTS = ROOT / "requirements.txt"
TOOLS = ROOT / "devtool" / "requirements" / "tools.txt"
#: The layout's steps in C.
KERNELS = ROOT / "analytics" / "layout" / "kernels"
