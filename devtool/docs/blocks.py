"""The texts that are taken from the code, each by its name."""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from analytics import cli, settings
from analytics.documents.fields import CALLED
from analytics.documents.networks import KINDS
from analytics.pipeline import hookspecs
from analytics.pipeline.registry import Registry, load_configured
from analytics.runs.figures import Figures
from analytics.runs.readiness import Readiness
from analytics.web.metrics import Told
from analytics.web.openapi import describe
from devtool import commands
from devtool.attacks import PROOFS, Proof, outcome
from devtool.bench import _figures
from devtool.bench import names as bench_names
from devtool.bench._rows import figure, limit
from devtool.places import ROOT

from . import fields

#: What a network thing is, in words.
WORDS = {
    "network": "a network",
    "subnet": "a subnet of a network",
    "group": "a group of rules that guards machines",
    "rule": "one rule of a group",
    "peering": "a connection of two networks",
    "acl": "rules that guard subnets",
    "routes": "a route table",
    "nat": "a gateway for outgoing connections",
    "vpn": "a gateway to another site",
    "igw": "a gateway to the internet",
    "endpoint": "a provider's service inside the network",
    "interface": "a machine's connection to a subnet",
    "prefixes": "a named list of address ranges",
    "address": "a public address, and what it belongs to",
    "router": "a router of OpenStack",
}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; a bar in a cell would end it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def code(*words: str) -> str:
    """Words as code, with commas."""
    return ", ".join(f"`{word}`" for word in words)


def registry() -> Registry:
    """The plugins that come with the project."""
    return load_configured(settings.read({"MAESTRO_ENV": "development"}))


def settings_table() -> str:
    """Every environment variable."""
    rows = []
    for one in settings.TABLE:
        secret = one.secret and one.field in ("secret", "noauth", "websocket_secret")
        default = "none that is accepted" if secret else f"`{one.default}`" if one.default else "empty"
        also = f" (also read: {code(*one.also)})" if one.also else ""
        rows.append((code(one.name), default, f"{one.help}{also}"))
    return table(("variable", "default", "meaning"), rows)


def sentence(text: str) -> str:
    """A line of help as a sentence; names of variables keep their case."""
    text = text.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


def limits_table() -> str:
    """The numbers and words each setting accepts."""
    names = {one.field: one.name for one in settings.TABLE}
    rows = [(code(names[field]), f"{low} to {high}") for field, (low, high) in settings.RANGES.items()]
    rows += [(code(names[field]), code(*words)) for field, words in settings.CHOICES.items()]
    return table(("variable", "accepts"), rows)


def parser_table(parser: argparse.ArgumentParser) -> str:
    """The arguments of one command."""
    rows = []
    for action in parser._actions:
        if isinstance(action, (argparse._HelpAction, argparse._SubParsersAction)):
            continue
        word = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
        names = code(*action.option_strings) if action.option_strings else code(action.dest)
        if action.option_strings and action.nargs != 0:
            values = " or ".join(code(str(one)) for one in action.choices) if action.choices else code(word)
            names = f"{names} {values}"
        rows.append((names, sentence(action.help or "")))
    return table(("argument", "meaning"), rows) if rows else "It takes no arguments."


def subcommands(parser: argparse.ArgumentParser) -> dict[str, tuple[argparse.ArgumentParser, str]]:
    """Each command of a parser, and its line of help."""
    (action,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
    return {name: (child, helps.get(name, "")) for name, child in action.choices.items()}


def cli_parser() -> argparse.ArgumentParser:
    """The parser of ``analytics``."""
    parser = argparse.ArgumentParser(prog="analytics")
    group = parser.add_subparsers()
    for command in cli.modules():
        command.add(group)
    return parser


def command_table() -> str:
    """The commands of ``analytics``."""
    return table(
        ("command", "what it does"),
        [(code(f"analytics {name}"), sentence(text)) for name, (_, text) in subcommands(cli_parser()).items()],
    )


def command_arguments(name: str) -> str:
    """The arguments of one command of ``analytics``."""
    return parser_table(subcommands(cli_parser())[name][0])


def devtool_table() -> str:
    """The commands of devtool."""
    return table(
        ("command", "what it does"),
        [
            (code(f"python3 -m devtool {name}"), sentence(text))
            for name, (_, text) in subcommands(commands.parser()).items()
        ],
    )


def types_table() -> str:
    """The graph types."""
    rows = []
    for name in sorted({graph.name for graph in registry().graph_types.values()}):
        graph = registry().graph_types[name]
        rows.append((code(name), code(*graph.aliases), code(*graph.entries), question(sys.modules[module_of(name)])))
    return table(("type", "also called", "starts from", "shows"), rows)


def module_of(name: str) -> str:
    """The module of a graph type that comes with the project."""
    return registry().sources[f"graph type {name!r}"].removesuffix(".py").replace("/", ".")


def question(thing: object) -> str:
    """The first line of a docstring."""
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def stages_table(name: str) -> str:
    """The stages of one graph type in order: what each waits for, takes and gives."""
    found = registry()
    rows = []
    for step in found.plans[name]:
        stage = found.stages[step.name]
        takes = [take.words for take in stage.takes]
        waits = code(*step.after) if step.after else "everything, always runs" if step.always else "nothing"
        note = " (optional)" if step.optional and not step.always else ""
        asked = question(sys.modules[stage.run.__module__]).partition(": ")[2]
        gives = code(stage.gives.__name__) if stage.gives else "nothing"
        rows.append((code(step.name) + note, sentence_of(asked), waits, code(*takes), gives))
    return table(("stage", "what it does", "waits for", "takes", "gives"), rows)


def sentence_of(text: str) -> str:
    """The same with a capital letter."""
    return f"{text[:1].upper()}{text[1:]}"


def readers_table() -> str:
    """The formats that can be read, and what collects them."""
    held = registry().readers
    rows = [(code(name), held[name].title, held[name].collect) for name in sorted(held)]
    return table(("format", "what it is", "collect"), rows)


def formats_table() -> str:
    """The formats, SVG first."""
    rows = [("SVG", "`.svg`", "`image/svg+xml`")]
    rows += [(one.title, f"`.{one.suffix}`", f"`{one.media_type}`") for one in registry().formats.values()]
    return table(("format", "ending", "media type"), rows)


def hooks_table() -> str:
    """Every hook, and the first line of what it is for."""
    return table(("hook", "what a plugin yields"), [(code(name), question(hook)) for name, hook in hooks().items()])


def hooks() -> dict[str, Callable[..., Any]]:
    """The hooks a plugin may implement."""
    return {name: hook for name, hook in vars(hookspecs).items() if name.startswith("analytics_") and callable(hook)}


def hook_text(name: str) -> str:
    """What the code says of one hook, without its example."""
    text = (inspect.getdoc(hooks()[name]) or "").partition("Example::")[0].strip()
    return re.sub(r"``(.+?)``", r"`\1`", re.sub(r":\w+:`~?(?:[\w.]*\.)?(\w+)`", r"`\1`", text))


def example(name: str) -> str:
    """An example file as it stands."""
    return f"```python\n{(ROOT / 'devtool' / 'examples' / name).read_text(encoding='utf-8')}```"


def routes_table() -> str:
    """The addresses of the service."""
    document = describe(registry().graph_types, registry().formats, object_ids=True)
    rows = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            open_to = "everybody" if operation.get("security") == [] else "token"
            if {} in operation.get("security", []):
                open_to = "token or signed link"
            rows.append(
                (
                    f"`{method.upper()} {path}`",
                    sentence(operation["summary"]),
                    open_to,
                    ", ".join(operation["responses"]),
                )
            )
    return table(("address", "what it is", "open to", "statuses"), rows)


def metrics_table() -> str:
    """The metrics by name."""
    empty: dict[str, Any] = {
        name: {} if "Mapping" in str(one.type) else 0 for name, one in Figures.__dataclass_fields__.items()
    }
    told = Told(Figures(**empty), Readiness(0.0, 0.0, data_app=True), evicts=False)
    rows = []
    for family in told.collect():
        labels = sorted({f'{name}="{value}"' for sample in family.samples for name, value in sample.labels.items()})
        name = f"{family.name}_total" if family.type == "counter" else family.name
        rows.append((code(name), family.type, code(*labels), sentence(family.documentation)))
    return table(("metric", "type", "labels", "meaning"), rows)


def attacks_table(subject: str) -> str:
    """The attacks of a subject: what was tried, and what came out when it last was."""
    noted = outcome.read()
    return table(
        ("attack or fault", "tried", "result"),
        [(one.what, tried(one), f"{one.result}. {came_out(one, noted)}") for one in PROOFS[subject]],
    )


def tried(proof: Proof) -> str:
    """With what an attack is tried."""
    files = Counter(name.partition("::")[0] for name in proof.tests)
    parts = [f"{count} in `{file}`" for file, count in sorted(files.items())]
    parts += [f"`devtool {command}`" for command in proof.commands]
    return ", ".join(parts)


def came_out(proof: Proof, noted: Mapping[str, outcome.Outcome]) -> str:
    """How many cases held, what was left out, and what measurements said."""
    tests = [noted[name] for name in proof.tests if name in noted]
    held, failed, skipped = (sum(getattr(one, name) for one in tests) for name in ("held", "failed", "skipped"))
    said = f"Held: {held} of {held + failed}" if tests else "Not tried yet"
    said += f", left out: {skipped}" if skipped else ""
    said += f"; guards that were taken out: {len(proof.guards)}" if proof.guards else ""
    for name in proof.commands:
        if name in noted:
            one = noted[name]
            said += f". Measured: {one.said}; {one.held} of {one.held + one.failed} conditions held"
    return f"{said}."


def benches() -> str:
    """What each benchmark found when it was last run for this page, and how to run it again."""
    noted, parts = _figures.read(), []
    for name, line in bench_names().items():
        if (run := noted.get(name)) is None:
            continue
        command = f"python3 -m devtool bench {name} {run.arguments}".rstrip()
        rows = [
            (row.what, f"{figure(row.value)} {row.unit}".rstrip(), limit(row), told(row.floor, figure), KEPT[row.holds])
            for row in run.rows
        ]
        machine = f"{run.day}, Python {run.python}, {run.cores} cores, each {run.slower:g} × as slow as a quiet one"
        parts.append(f"## {name}\n\n{line}\n`{command}` ({machine})\n")
        parts.append(table(("what", "value", "goal", "floor or peer", "kept"), rows) + "\n")
    return "\n".join(parts)


KEPT = {True: "yes", False: "**no**", None: ""}


def told(value: float | None, words: Callable[[float], str]) -> str:
    """A value that may be missing."""
    return "" if value is None else words(value)


def inventory_table(collection: str) -> str:
    """The fields of a collection that are read."""
    rows = [
        (
            code(one.name),
            f"{CALLED[one.kind]}{f', {one.unit}' if one.unit else ''}",
            one.meaning,
            code(one.example) if one.example else "",
        )
        for one in fields.described(collection)
    ]
    return table(("field", "type", "meaning", "example"), rows)


def families_table() -> str:
    """The families of network things by what they are."""
    kinds: dict[str, list[str]] = {}
    for family, kind in KINDS.items():
        kinds.setdefault(kind, []).append(family)
    return table(("family", "what it is"), [(code(*families), WORDS[kind]) for kind, families in kinds.items()])


BLOCKS: dict[str, Callable[..., str]] = {
    "settings": settings_table,
    "limits": limits_table,
    "commands": command_table,
    "arguments": command_arguments,
    "devtool": devtool_table,
    "types": types_table,
    "stages": stages_table,
    "formats": formats_table,
    "readers": readers_table,
    "hooks": hooks_table,
    "hook": hook_text,
    "example": example,
    "routes": routes_table,
    "metrics": metrics_table,
    "fields": inventory_table,
    "families": families_table,
    "attacks": attacks_table,
    "benches": benches,
}
