"""Quantities as Kubernetes and compose write them. Pure."""

from __future__ import annotations

import re

_QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]*)?)\s*([A-Za-z]*)").fullmatch
_BYTES = {"": 1.0, "b": 1.0, "k": 1e3, "kb": 1e3, "m": 1e6, "mb": 1e6, "g": 1e9, "gb": 1e9, "t": 1e12, "tb": 1e12}
_BINARY = {"ki": 2.0**10, "mi": 2.0**20, "gi": 2.0**30, "ti": 2.0**40, "kib": 2.0**10, "mib": 2.0**20, "gib": 2.0**30}


def cores(value: object) -> float:
    """Processors: ``200m`` is 0.2; 0 where it is none.

    >>> cores("200m"), cores("2"), cores(0.5), cores("many")
    (0.2, 2.0, 0.5, 0.0)
    """
    found = _QUANTITY(str(value).strip())
    if found is None or found[2] not in ("", "m"):
        return 0.0
    return float(found[1]) / 1000 if found[2] else float(found[1])


def memory_gb(value: object) -> float:
    """Memory in GB (2**30 bytes): ``180Mi``, ``1G``, ``512M``; 0 where it is none.

    >>> round(memory_gb("512Mi"), 3), round(memory_gb("1G"), 3), memory_gb("x")
    (0.5, 0.931, 0.0)
    """
    found = _QUANTITY(str(value).strip())
    unit = found[2].lower() if found else ""
    factor = _BINARY.get(unit) or _BYTES.get(unit)
    return float(found[1]) * factor / 2**30 if found and factor else 0.0
