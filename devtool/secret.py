"""Secrets of a development folder: random, made once, readable by nobody else."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

NAMES = ("MAESTRO_SECRETJWT_PRIVATE", "MAESTRO_NOAUTH", "MAESTRO_WEBSOCKET_SECRET", "MAESTRO_DASHBOARD_PASSWORD")


def kept(path: Path) -> dict[str, str]:
    """The secrets at ``path``, made where they are missing."""
    try:
        held = json.loads(path.read_text())
    except (OSError, ValueError):
        held = {}
    if not isinstance(held, dict):
        held = {}
    if all(isinstance(held.get(name), str) for name in NAMES):
        return {name: held[name] for name in NAMES}
    made = {name: held[name] if isinstance(held.get(name), str) else secrets.token_urlsafe(32) for name in NAMES}
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(made, file)
    draft.replace(path)
    return made
