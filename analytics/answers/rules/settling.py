"""What becomes of findings: excepted until a day, known from a baseline, or open. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ...errors import UsageError
from .reading import Excepted
from .records import Found, Result
from .selecting import matches

#: How soon an end is told beforehand.
SOON = timedelta(days=30)
FORMAT = 1

Key = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Settled:
    """Results without what is excepted or known, and what was set aside; ``remarks`` are sentences on exceptions."""

    results: tuple[Result, ...]
    excepted: tuple[tuple[Found, Excepted], ...] = ()
    known: tuple[Found, ...] = ()
    remarks: tuple[str, ...] = ()


def settle(
    results: Sequence[Result],
    exceptions: Sequence[Excepted],
    baseline: Iterable[Key],
    names: Mapping[str, str],
    today: date,
) -> Settled:
    """Set aside what is excepted on ``today`` (the end is the last day, UTC) and what a baseline knows."""
    known_keys = set(baseline)
    excepted: list[tuple[Found, Excepted]] = []
    known: list[Found] = []
    used: dict[int, int] = {}
    left = []
    for result in results:
        open_ones = []
        for found in result.found:
            one = next((e for e in exceptions if covers(e, found, names)), None)
            if one is not None:
                used[id(one)] = used.get(id(one), 0) + 1
                if today > one.until:
                    open_ones.append(replace(found, text=f"{found.text} (the exception ended on {one.until})"))
                    continue
                if used[id(one)] <= one.most:
                    excepted.append((found, one))
                    continue
            if found.key in known_keys and found.state == "broken":
                known.append(found)
            else:
                open_ones.append(found)
        left.append(replace(result, found=tuple(open_ones)))
    remarks = []
    for one in exceptions:
        words = f"the exception of {one.thing!r} from {one.rule!r}"
        if id(one) not in used:
            remarks.append(f"{words} is not used (line {one.line}).")
        elif today > one.until:
            remarks.append(f"{words} ended on {one.until}: {one.reason}")
        elif one.until - today <= SOON:
            remarks.append(f"{words} ends on {one.until}: {one.reason}")
    return Settled(tuple(left), tuple(excepted), tuple(known), tuple(remarks))


def covers(one: Excepted, found: Found, names: Mapping[str, str]) -> bool:
    """Whether an exception is about a finding: its rule, and the thing that bears it."""
    if one.rule != found.rule:
        return False
    thing = found.things[0]
    said = (thing, thing.partition("/")[2], names.get(thing, ""))
    return any(value and matches(value, [one.thing]) for value in said)


def read_baseline(raw: str, file: str) -> tuple[Key, ...]:
    """The findings a baseline knows. Raises :class:`UsageError`."""
    try:
        said = json.loads(raw)
        return tuple((str(one["rule"]), tuple(map(str, one["things"]))) for one in said["findings"])
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{file}: this is no baseline; `check --accept-new REASON` writes one") from None


def written_baseline(kept: Iterable[tuple[Key, str]]) -> str:
    """A baseline of findings, each with the reason for which it was accepted."""
    findings = [{"rule": rule, "things": list(things), "reason": reason} for (rule, things), reason in sorted(kept)]
    return json.dumps({"format": FORMAT, "findings": findings}, indent=1, ensure_ascii=False) + "\n"


def reasons(raw: str) -> Mapping[Key, str]:
    """Why each finding of a baseline was accepted."""
    return {
        (str(one["rule"]), tuple(map(str, one["things"]))): str(one.get("reason", ""))
        for one in json.loads(raw)["findings"]
    }
