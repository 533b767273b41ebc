"""``secrets``: make the secrets of a deployment, each in a file of its own; those that are there are kept.

The variable ``<NAME>_FILE`` names such a file to the service. ``--redis`` also
makes a password for Redis: ``redis.conf`` is for its server, ``redis_url`` for us.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
from pathlib import Path
from typing import Any

from ..errors import SettingsError

NAMES = ("secretjwt_private", "noauth", "websocket_secret", "dashboard_password")


def add(subparsers: Any) -> None:
    """Describe the command."""
    command = subparsers.add_parser("secrets", help="make the secrets of a deployment", description=__doc__)
    command.add_argument("folder", type=Path, help="where the files are made")
    command.add_argument("--redis", metavar="HOST:PORT", help="make a password for the Redis at this address")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make what is missing."""
    folder: Path = args.folder
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in NAMES:
            # Where a variable holds a secret that others share, the file gets that one.
            make(folder / name, os.environ.get(f"MAESTRO_{name.upper()}", "").strip() or secrets.token_urlsafe(32))
        if args.redis:
            make(folder / "redis_password", secrets.token_urlsafe(32))
            password = (folder / "redis_password").read_text(encoding="ascii").strip()
            make(folder / "redis.conf", f"requirepass {password}\nappendonly yes\nmaxmemory-policy noeviction")
            make(folder / "redis_url", f"redis://:{password}@{args.redis}/0")
    except OSError as exc:
        raise SettingsError(f"{folder}: secrets cannot be written there ({exc.strerror})") from None
    return 0


def make(path: Path, text: str) -> None:
    """Write ``text`` for us alone, unless the file is there; whole, or not at all."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
