"""What is installed only when asked for: the words where the packages of an extra are missing."""

from __future__ import annotations

from .errors import SettingsError


def missing(extra: str, purpose: str) -> SettingsError:
    """The error that names the extra to install.

    >>> missing("mongo", "reading a MongoDB")
    SettingsError("reading a MongoDB needs more packages: pip install 'analytics-maestro[mongo]'")
    """
    return SettingsError(f"{purpose} needs more packages: pip install 'analytics-maestro[{extra}]'")
