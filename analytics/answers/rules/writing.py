"""Findings as SARIF, JUnit, Markdown and JSON. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from ...about import VERSION
from .records import Form, Found, Result, Rule
from .settling import Settled

#: What hosts take of one run.
MOST_RESULTS = 5_000
MOST_STEPS = 1_000
SARIF_LEVELS = {"error": "error", "warning": "warning", "note": "note"}
#: Characters of a rule's description that hosts take.
LONGEST_DESCRIPTION = 1_024
#: How a finding of each form is answered.
ANSWERS: Mapping[Form, str] = {
    "must": "Give the thing what the rule asks of its fields, or correct what the inventory says of it.",
    "never calls": "Remove the call, or lead it over something that may be called.",
    "never reaches": "Break the path that is listed, or lead it over what the rule allows.",
    "survives": "Let it stand on more than one of what may fail, or let its callers do without it.",
    "layers": "Turn the call round, or move one of its ends into the layer it belongs to.",
    "no cycle between": "Remove one of the calls that close the circle.",
    "count": "Add or remove things until the number lies within the bounds.",
    "same": "Bring the things of the group to one value, or part the group.",
    "own": "The rule is a plugin's; its text says what it asks.",
}
OTHERWISE = "What has to stay as it is gets an exception with a reason and an end, or a place in the baseline."
#: Characters that XML forbids.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+|<>~!&@])")


@dataclass(frozen=True)
class Ground:
    """What findings point at: the names of things, the inventory's file relative to its repository, and lines."""

    names: Mapping[str, str] = field(default_factory=dict)
    file: str = "inventory"
    lines: Mapping[str, int] = field(default_factory=dict)

    def name(self, thing: str) -> str:
        """What a thing is called."""
        return self.names.get(thing) or thing.partition("/")[2]

    def line(self, things: Sequence[str]) -> int:
        """The line of the first thing that has one, 1 where none has."""
        return next((self.lines[one] for one in things if one in self.lines), 1)


def sentence(found: Found, ground: Ground) -> str:
    """A finding in one sentence."""
    return f"{ground.name(found.things[0])} {found.text}"


def fingerprint(found: Found) -> str:
    """What tells a finding from others over time: the rule and the things, never words, names or lines."""
    return hashlib.sha256(json.dumps(found.key).encode()).hexdigest()[:32]


def sarif(settled: Settled, ground: Ground, *, suppressed: bool = False) -> str:
    """SARIF 2.1.0: every result has a file and a line, what is excepted is left out unless ``suppressed``."""
    rules = [descriptor(one.rule) for one in settled.results]
    order = {"error": 0, "warning": 1, "note": 2}
    found = sorted(
        (one for result in settled.results for one in result.found if one.state == "broken"),
        key=lambda one: (order[one.level], one.key),
    )
    results = [result_of(one, ground) for one in found[:MOST_RESULTS]]
    if suppressed:
        results += [
            result_of(one, ground)
            | {"suppressions": [{"kind": "external", "justification": f"{why.reason} (until {why.until})"}]}
            for one, why in settled.excepted
        ]
    run = {
        "tool": {"driver": {"name": "Analytics Maestro", "version": VERSION, "rules": rules}},
        "results": results,
        "properties": {"left_out": max(0, len(found) - MOST_RESULTS)},
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False) + "\n"


def descriptor(rule: Rule) -> dict[str, object]:
    """A rule as hosts show it beside its results: what it asks, where it stands, and how to answer it."""
    title = rule.title or rule.id
    where = f"{rule.file}, line {rule.line}" if rule.line else rule.file
    stands = f", which stands in {where}" if where else ""
    full = f"{title.rstrip('.')}. This is the rule {rule.id} of the form '{rule.form}'{stands}."
    words = f"{ANSWERS[rule.form]} {OTHERWISE}"
    return {
        "id": rule.id,
        "shortDescription": {"text": title},
        "fullDescription": {"text": full[:LONGEST_DESCRIPTION]},
        "help": {"text": words},
        "defaultConfiguration": {"level": SARIF_LEVELS[rule.level]},
    }


def result_of(found: Found, ground: Ground) -> dict[str, object]:
    """One result."""

    def location(things: Sequence[str]) -> dict[str, object]:
        return {
            "physicalLocation": {
                "artifactLocation": {"uri": quote(ground.file)},
                "region": {"startLine": ground.line(things)},
            },
            "logicalLocations": [
                {"name": ground.name(one), "fullyQualifiedName": one, "kind": one.partition("/")[0]} for one in things
            ],
        }

    result: dict[str, object] = {
        "ruleId": found.rule,
        "level": SARIF_LEVELS[found.level],
        "message": {"text": sentence(found, ground)},
        "locations": [location(found.things[:1])],
        "partialFingerprints": {"things/v1": fingerprint(found)},
    }
    if len(found.path) > 1:
        steps = [
            {"location": {**location([one]), "message": {"text": ground.name(one)}}} for one in found.path[:MOST_STEPS]
        ]
        result["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
    return result


def junit(settled: Settled, ground: Ground) -> str:
    """JUnit: a suite a rule, a case a thing that is broken, not known or set aside, and one that counts the rest."""

    def attribute(value: str) -> str:
        return quoteattr(_ILLEGAL.sub("\ufffd", value))

    suites = []
    for result in settled.results:
        rule = result.rule
        cases = []
        for one in result.found:
            name = attribute(f"{ground.name(one.things[0])} ({' → '.join(one.things)})")
            said = attribute(sentence(one, ground))
            inner = f"<failure message={said}/>" if one.state == "broken" else f"<skipped message={said}/>"
            cases.append(f"  <testcase classname={attribute(rule.id)} name={name}>{inner}</testcase>")
        aside = [(one, why.reason) for one, why in settled.excepted] + [
            (one, "in the baseline") for one in settled.known
        ]
        for one, reason in aside:
            if one.rule == rule.id:
                name = attribute(f"{ground.name(one.things[0])} ({' → '.join(one.things)})")
                inner = f"<skipped message={attribute(reason)}/>"
                cases.append(f"  <testcase classname={attribute(rule.id)} name={name}>{inner}</testcase>")
        holding = max(0, result.checked - len(cases))
        if holding or not cases:
            inner = "" if result.checked else f"<skipped message={attribute('checked 0')}/>"
            name = attribute(f"{holding} that hold")
            cases.append(f"  <testcase classname={attribute(rule.id)} name={name}>{inner}</testcase>")
        failed = result.count("broken")
        skipped = sum("<skipped" in case for case in cases)
        counts = f'tests="{len(cases)}" failures="{failed}" errors="0" skipped="{skipped}"'
        suites.append(f" <testsuite name={attribute(rule.id)} {counts}>\n" + "\n".join(cases) + "\n </testsuite>")
    total = sum(len(re.findall("<testcase", suite)) for suite in suites)
    failures = sum(one.count("broken") for one in settled.results)
    head = f'<testsuites name="Analytics Maestro" tests="{total}" failures="{failures}" errors="0">'
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join([head, *suites, "</testsuites>"]) + "\n"


def plain(text: str) -> str:
    """Text of an inventory in Markdown: nothing in it is markup, a mention or a line of its own.

    >>> plain("@all | `x`")
    '\\\\@\\u200ball \\\\| \\\\`x\\\\`'
    """
    return _MARKUP.sub(r"\\\1", " ".join(escape(text).split())).replace("\\@", "\\@\u200b")


def markdown(settled: Settled, ground: Ground, most: int = 200) -> str:
    """Markdown: a table of rules, then what is broken, then what cannot be told."""
    lines = ["| rule | checked | broken | cannot tell |", "| --- | ---: | ---: | ---: |"]
    for result in settled.results:
        title = plain(result.rule.title or result.rule.id)
        lines.append(f"| {title} | {result.checked} | {result.count('broken')} | {result.count('cannot-tell')} |")
    told = 0
    for state, head in (("broken", "Broken"), ("cannot-tell", "Cannot be told")):
        found = [one for result in settled.results for one in result.found if one.state == state]
        if not found:
            continue
        lines += ["", f"**{head}**", ""]
        for one in found[: max(0, most - told)]:
            lines.append(f"- {plain(one.rule)}: {plain(sentence(one, ground))}")
        if len(found) > most - told:
            lines.append(f"- and {len(found) - max(0, most - told)} more")
        told += len(found)
    if settled.excepted:
        lines += ["", "**Excepted**", ""]
        lines += [
            f"- {plain(aside.rule)}: {plain(ground.name(aside.things[0]))}, until {why.until}: {plain(why.reason)}"
            for aside, why in settled.excepted[:most]
        ]
    return "\n".join(lines) + "\n"


def document(settled: Settled, ground: Ground) -> dict[str, object]:
    """Everything as JSON."""

    def finding(one: Found) -> dict[str, object]:
        return {**asdict(one), "name": ground.name(one.things[0]), "line": ground.lines.get(one.things[0], 0)}

    def rule_of(result: Result) -> dict[str, object]:
        rule = result.rule
        return {
            "id": rule.id,
            "form": rule.form,
            "level": rule.level,
            "title": rule.title,
            "over": list(rule.over) if rule.form == "never reaches" else [],
            "checked": result.checked,
            "broken": result.count("broken"),
            "cannot_tell": result.count("cannot-tell"),
            "findings": [finding(one) for one in result.found],
        }

    return {
        "question": "check",
        "rules": [rule_of(one) for one in settled.results],
        "excepted": [{**finding(one), "reason": why.reason, "until": str(why.until)} for one, why in settled.excepted],
        "baseline": [finding(one) for one in settled.known],
        "remarks": list(settled.remarks),
    }
