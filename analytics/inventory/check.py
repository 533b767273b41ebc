"""What is wrong with an inventory in a file, told with its place: misspelt, unreadable, meaning nothing, given twice.

Reading makes the best of everything and stops at little; this says what it
had to pass over.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path as FilePath
from typing import Any, Literal

from ..bounded import LARGEST, read_bytes
from ..catalog.families import FAMILIES
from ..documents.fields import KEPT, Field, fields_of
from ..documents.values import gigabytes, items, number, share, text
from ..text import many
from .foreign import recognised, recognised_text
from .handwritten import BEHIND, COLLECTIONS, REFERENCES, claimed
from .placed import parse_placed_json, parse_plain_json
from .yamltext import Path, Place, parse_placed_yaml

#: How much a finding matters: something is lost, may be lost, or only passed over.
Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
#: What people and other formats call a field of ours.
OTHER_NAMES = {
    "applications": {"dependencies": "deps", "depends_on": "deps", "dependson": "deps", "calls": "deps"}
    | {"kind": "family", "type": "family", "systems": "system", "env": "environment", "hosts": "servers"},
    "servers": {"ip": "ipv4_private", "private_ip": "ipv4_private", "public_ip": "ipv4_public", "ram": "memory"}
    | {"cpus": "cpu", "vcpu": "cpu", "env": "environment", "apps": "applications", "datacenter": "datacenters"},
    "systems": {"entries": "entry", "entrypoints": "entry", "client": "clients"},
    "networks": {"type": "family", "kind": "family"},
}
#: Parts of documents that have a table of fields of their own: the field, and the table.
PARTS = {"datacenters": "where", "role": "role", "deps": "deps", "interfaces": "interfaces"}
#: Among how many names the nearest one is looked for: comparing takes its time.
MOST_COMPARED = 500


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is wrong in a file: where (line and column from 1, 0 where unknown), what, and what to mend."""

    severity: Severity
    code: str
    text: str
    line: int = 0
    column: int = 0
    where: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file's value as it was parsed, and the places of what is in it."""

    value: Mapping[str, Any]
    places: Mapping[Path, Place]

    def remark(self, severity: Severity, code: str, words: str, path: Path) -> Remark:
        """A remark at the place of ``path``, or of what holds it."""
        near = path
        while near and near not in self.places:
            near = near[:-1]
        row, column = self.places.get(near, (1, 1))
        return Remark(severity, code, words, row, column, spelled(path))


def check_file(file: FilePath, *, placed: bool = True) -> tuple[Remark, ...]:
    """Everything that is wrong in ``file``, in the order of its lines. Raises :class:`OSError`.

    Where JSON stands in its lines costs more than all the rest: if ``placed`` is not set all of it stands on the first.
    """
    raw = read_bytes(file, LARGEST)
    twice: list[tuple[Path, Place, Place]] = []
    try:
        if file.suffix.lower() in (".yaml", ".yml"):
            parsed = parse_placed_yaml(raw)
        else:
            parsed, twice = parse_placed_json(raw) if placed else parse_plain_json(raw)
    except ValueError as exc:
        said = recognised_text(raw) or str(exc)
        code = "foreign" if "no inventory" in said else "syntax"
        return (Remark("error", code, said, *place_in(said)),)
    if isinstance(parsed.value, str) and (said := recognised_text(raw)):
        return (Remark("error", "foreign", said, 1, 1),)
    if said := recognised(parsed.value):
        return (Remark("error", "foreign", said, 1, 1),)
    if not isinstance(parsed.value, dict):
        return (Remark("error", "shape", "an inventory is an object of collections", 1, 1),)
    checked = Checked(parsed.value, parsed.places)
    found = [
        Remark("error", "twice", f"the key {path[-1]!r} stands twice, here and on line {one[0]}", *two, spelled(path))
        for path, one, two in twice
    ]
    for check in (check_collections, check_documents, check_references):
        found += check(checked)
    return tuple(sorted(set(found), key=lambda one: (one.line, one.column, one.code, one.text)))


def check_collections(checked: Checked) -> Iterator[Remark]:
    """Names of collections, and whether each is a list."""
    for name, listed in checked.value.items():
        if name.startswith("x-"):
            continue
        if name not in COLLECTIONS:
            near = alike(name, COLLECTIONS)
            severity: Severity = "error" if near else "note"
            yield checked.remark(severity, "collection", f"no collection is called {name!r}{meant(near)}", (name,))
        if name in COLLECTIONS and listed is not None and not isinstance(listed, list):
            yield checked.remark("error", "type", f"{name} must be a list of documents", (name,))


def check_documents(checked: Checked) -> Iterator[Remark]:
    """Each document: an object with an id that nothing else has, and fields that are known and can be read."""
    passed: dict[tuple[str, str], list[Path]] = defaultdict(list)
    everybody = [claimed(one) for name in COLLECTIONS for one in listed_in(checked.value, name)]
    several = len(frozenset[str]().union(*everybody)) > 1
    for name in COLLECTIONS:
        taken: dict[tuple[str, str], Path] = {}
        for place, document in enumerate(listed_in(checked.value, name)):
            path: Path = (name, place)
            if not isinstance(document, dict):
                yield checked.remark("error", "type", "must be an object", path)
                continue
            key = id_of(document)
            if not key:
                yield checked.remark("error", "id", "neither _id nor name", path)
            claims = sorted(claimed(document))
            if several and not claims:
                yield checked.remark("error", "owner", "names no owner, in a file that has several", path)
            mine = [(owner, key) for owner in claims or [""]]
            if key and (before := next((taken[one] for one in mine if one in taken), None)) is not None:
                first = checked.places.get(before, (0, 0))[0]
                yield checked.remark("error", "duplicate", f"the id {key!r} is taken already, on line {first}", path)
            for one in mine:
                taken.setdefault(one, path)
            if fields_of(name):
                yield from check_fields(checked, name, document, path, passed)
    for (name, key), paths in passed.items():
        more = f" ({many(len(paths), 'time')})" if len(paths) > 1 else ""
        yield checked.remark("note", "unread", f"{name}: nothing reads {key!r}{more}", paths[0])


def check_fields(
    checked: Checked, table: str, document: Mapping[str, Any], path: Path, passed: dict[tuple[str, str], list[Path]]
) -> Iterator[Remark]:
    """The fields of one document, or of a part of one; what is unknown and like nothing is noted in ``passed``."""
    known = fields_of(table)
    for key, value in document.items():
        here = (*path, key)
        field = known.get(key)
        if field is None:
            if key in KEPT or key.startswith("x-"):
                continue
            other = OTHER_NAMES.get(table, {}).get(key.casefold())
            near = [other] if other else alike(key, known)
            if near and near[0] not in document:
                yield checked.remark("warning", "field", f"{key}: no such field{meant(near)}", here)
            else:
                passed[table, key].append(here)
            continue
        if value is None or value in ("", [], {}):
            continue
        if words := CHECKS.get(field.kind, fine)(value, field):
            yield checked.remark("warning", field.kind, f"{key}: {words}", here)
        if key in PARTS and fields_of(PARTS[key]):
            parts = value if isinstance(value, list) else [value]
            for place, part in enumerate(parts):
                if isinstance(part, dict):
                    inner = (*here, place) if isinstance(value, list) else here
                    yield from check_fields(checked, PARTS[key], part, inner, passed)


def check_references(checked: Checked) -> Iterator[Remark]:
    """Whatever refers to a thing that is not there, with the nearest that is."""
    known: dict[str, Counter[str]] = {name: Counter() for name in COLLECTIONS}
    for name in COLLECTIONS:
        for document in listed_in(checked.value, name):
            if isinstance(document, dict):
                known[name].update({word for word in (id_of(document), text(document.get("name"))) if word})
    for name, fields in REFERENCES.items():
        for place, document in enumerate(listed_in(checked.value, name)):
            for field, target in fields if isinstance(document, dict) else ():
                if not document.get(field) or (field == "datacenters" and not known["datacenters"]):
                    continue
                behind = known[BEHIND[name, field]] if (name, field) in BEHIND else Counter[str]()
                for number_, said in enumerate(items(document[field])):
                    word = id_of(said) if isinstance(said, dict) else text(said)
                    if not word or word in known[target] or word in behind:
                        continue
                    path: Path = (name, place, field)
                    path = (*path, number_) if isinstance(document[field], list) else path
                    near = get_close_matches(word, known[target], 1, 0.75) if len(known[target]) < MOST_COMPARED else []
                    yield checked.remark(
                        "warning", "reference", f"{field}: {word!r} is not among the {target}{meant(near)}", path
                    )


# --- single values ----------------------------------------------------------------------


def fine(_value: object, _field: Field) -> str:
    """Whatever it is."""
    return ""


def wrong_text(value: object, _field: Field) -> str:
    """Why a value is no text."""
    return (
        ""
        if isinstance(value, (str, int, float)) and not isinstance(value, bool)
        else f"text expected, not {sort_of(value)}"
    )


def wrong_texts(value: object, field: Field) -> str:
    """Why a value is neither text nor a list of texts."""
    return next((words for one in items(value) or [value] if (words := wrong_text(one, field))), "")


def wrong_number(value: object, _field: Field) -> str:
    """Why a value is no number of at least zero."""
    if number(value) or (isinstance(value, (int, float, str)) and str(value) in ("0", "0.0")):
        return ""
    return f"a number expected, not {shown(value)}"


def wrong_share(value: object, _field: Field) -> str:
    """Why a value is no share."""
    return "" if share(value) is not None else f"a share from 0 to 1 expected, as 0.005 or 0.5 %, not {shown(value)}"


def wrong_size(value: object, field: Field) -> str:
    """Why a value is no size; sizes that no machine has are taken for another unit."""
    if not gigabytes(value) and str(value) not in ("0", "0.0"):
        return f"a number of {field.unit} expected, as 8 or 8 GB, not {shown(value)}"
    if field.name == "memory" and gigabytes(value) > 32_768:
        return f"{shown(value)} is read as {field.unit}, which no machine has; is it MB?"
    return ""


def wrong_date(value: object, _field: Field) -> str:
    """Why a value is no date."""
    try:
        datetime.fromisoformat(str(value).strip())
    except ValueError:
        if re.fullmatch(r"\w{3}, \d{1,2} \w{3} \d{4} .*|\d{4}-\d\d-\d\d[ T].*", str(value).strip()):
            return ""
        return f"a date expected, as 2026-03-02, not {shown(value)}"
    return ""


def wrong_addresses(value: object, field: Field) -> str:
    """Why a value is no address, or holds one that is none."""
    wanted = 4 if field.name.startswith("ipv4") else 0
    for one in items(value) or [value]:
        try:
            address = ipaddress.ip_address(str(one).strip())
        except ValueError:
            return f"an address expected, as 10.0.1.5, not {shown(one)}"
        if wanted and address.version != wanted:
            return f"an IPv{wanted} address expected, not {shown(one)}"
    return ""


def wrong_range(value: object, _field: Field) -> str:
    """Why a value is no address range."""
    for one in items(value) or [value]:
        try:
            ipaddress.ip_network(str(one).strip(), strict=False)
        except ValueError:
            return f"an address range expected, as 10.0.1.0/24, not {shown(one)}"
    return ""


def wrong_family(value: object, _field: Field) -> str:
    """Why a value is no family that has a symbol."""
    if words := wrong_text(value, _field):
        return words
    known = {name.casefold(): name for name in FAMILIES}
    if text(value).casefold() in known:
        return ""
    near = [known[one] for one in get_close_matches(text(value).casefold(), known, 1, 0.7)]
    return f"no family is called {shown(value)}{meant(near)}"


def wrong_object(value: object, _field: Field) -> str:
    """Why a value is no object."""
    return "" if isinstance(value, (dict, str)) else f"an object expected, not {sort_of(value)}"


def wrong_objects(value: object, _field: Field) -> str:
    """Why a value is no list of objects."""
    return "" if all(isinstance(one, dict) for one in items(value) or [value]) else "a list of objects expected"


def wrong_references(value: object, _field: Field) -> str:
    """Why a value names nothing: a reference is an id, a name, or an object that has one."""
    for one in items(value) or [value]:
        if not (id_of(one) if isinstance(one, dict) else text(one)):
            return f"an id or a name expected, not {shown(one)}"
    return ""


def wrong_place(value: object, field: Field) -> str:
    """Why a value is no place: it names a datacenter, or at least the provider or the region."""
    if isinstance(value, dict) and (text(value.get("provider")) or text(value.get("region"))):
        return ""
    return wrong_references(value, field)


CHECKS: Mapping[str, Callable[[Any, Field], str]] = {
    "id": wrong_text,
    "text": wrong_text,
    "texts": wrong_texts,
    "number": wrong_number,
    "size": wrong_size,
    "share": wrong_share,
    "date": wrong_date,
    "addresses": wrong_addresses,
    "range": wrong_range,
    "family": wrong_family,
    "object": wrong_object,
    "objects": wrong_objects,
    "reference": wrong_references,
    "references": wrong_references,
    "place": wrong_place,
}


# --- words ------------------------------------------------------------------------------


def listed_in(value: Mapping[str, Any], name: str) -> Sequence[Any]:
    """The documents of a collection; none where it is no list."""
    listed = value.get(name)
    return listed if isinstance(listed, list) else ()


def id_of(document: Mapping[str, Any]) -> str:
    """What a document or a reference is called by."""
    return next((word for name in ("_id", "id", "name") if (word := text(document.get(name)))), "")


def alike(word: str, known: Iterable[str]) -> list[str]:
    """The known word that ``word`` misspells, if any; a word that holds another, and more, is one of its own.

    >>> alike("familly", ["family"]), alike("Cpu", ["cpu"]), alike("ipv6_cidr_block", ["cidr_block"])
    (['family'], ['cpu'], [])
    """
    near = get_close_matches(word.casefold(), list(known), 1, 0.8)
    return [one for one in near if not (one in word.casefold() and len(word) > len(one) + 2)]


def meant(near: Iterable[str]) -> str:
    """What was meant, as a question.

    >>> meant(["family"]), meant([])
    (': did you mean family?', '')
    """
    return "".join(f": did you mean {one}?" for one in near)


def spelled(path: Path) -> str:
    """A path as people write it.

    >>> spelled(("applications", 0, "deps"))
    'applications[0].deps'
    """
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def shown(value: object) -> str:
    """A value in a sentence."""
    return (
        repr(str(value)[:60])
        if isinstance(value, (str, int, float)) and not isinstance(value, bool)
        else sort_of(value)
    )


def sort_of(value: object) -> str:
    """What a value is, in words."""
    kinds = {bool: "true or false", list: "a list", dict: "an object", type(None): "nothing"}
    return kinds.get(type(value), "a number" if isinstance(value, (int, float)) else "text")


def place_in(words: str) -> Place:
    """The line and column that a sentence of the readers names."""
    found = re.search(r"line (\d+)(?:, column (\d+))?", words)
    return (int(found[1]), int(found[2] or 1)) if found else (1, 1)


def summary(remarks: Sequence[Remark]) -> str:
    """How many there are of each severity.

    >>> summary([Remark("error", "id", ""), Remark("note", "unread", "")]), summary([])
    ('1 error, 1 note', 'nothing to mend')
    """
    counted = Counter(one.severity for one in remarks)
    return ", ".join(many(counted[kind], kind) for kind in SEVERITIES if counted[kind]) or "nothing to mend"
