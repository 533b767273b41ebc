"""An inventory as it was at a revision of git, without a checkout."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import AnalyticsError, UsageError

#: Seconds git may take.
PATIENCE = 60


@contextmanager
def at_revision(revision: str, path: Path) -> Iterator[Path | None]:
    """``path`` as it was at ``revision``, in a folder that is gone afterwards; nothing where it was not there yet.

    Raises :class:`UsageError` for what is no revision, :class:`AnalyticsError` where there is no repository.
    """
    if not revision or revision.startswith("-"):
        raise UsageError(f"{revision!r} is no revision")
    where = path.resolve()
    folder = where.parent
    top = Path(git(folder, "rev-parse", "--show-toplevel").decode().strip())
    try:
        commit = git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()
    except AnalyticsError:
        raise UsageError(f"{revision!r} is no revision of the repository at {top}") from None
    relative = where.relative_to(top.resolve()).as_posix()
    if not git(top, "ls-tree", "--name-only", commit, "--", relative).strip():
        yield None
        return
    raw = git(top, "archive", "--format=tar", commit, "--", relative)
    with tempfile.TemporaryDirectory(prefix="analytics-") as kept:
        try:
            with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
                archive.extractall(kept, filter="data")
        except tarfile.TarError as exc:  # a link out of the folder, among others
            raise AnalyticsError(f"{path} at {revision}: {exc}") from None
        yield Path(kept, relative)


def git(folder: Path, *words: str) -> bytes:
    """What git answers. Raises :class:`AnalyticsError` with what it says."""
    program = shutil.which("git")
    if program is None:
        raise AnalyticsError("git is not installed, and --git asks it")
    try:
        # Nothing of an inventory is among the words, and what a person wrote stands after "--" or is checked.
        done = subprocess.run(  # noqa: S603
            [program, "-C", str(folder), *words], capture_output=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise AnalyticsError(f"git cannot be asked: {exc}") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise AnalyticsError(f"git: {said[0] if said else f'{words[0]} failed'}")
    return done.stdout


def merge_base(revision: str, path: Path) -> str:
    """Where the branch that is checked out left ``revision``; the revision itself where they have nothing in common."""
    if not revision or revision.startswith("-"):
        raise UsageError(f"{revision!r} is no revision")
    try:
        return git(path.resolve().parent, "merge-base", revision, "HEAD").decode().strip()
    except AnalyticsError:
        return revision
