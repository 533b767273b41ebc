"""Tables: CSV and Excel, by a mapping that is guessed from the header; ServiceNow's ``cmdb_ci`` and ``cmdb_rel_ci``.

A table with two ends in a row holds calls, one with host names or addresses servers,
any other applications. The guess is a note with the header's own words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from analytics import hookimpl
from analytics.sources import Draft, Part, Reader, Recognition, Table, family_of_name, mappings

COLLECT = "a sheet with a header; of ServiceNow the lists cmdb_ci and cmdb_rel_ci as CSV, Excel or JSON"
#: What a column means, by its header without case, blanks and marks; the first that fits counts.
ROLES = {
    "source": "from source caller consumer sourceapplication fromapplication upstreamof client",
    "target": "to target callee dependson destination provider toapplication targetapplication dependency",
    "id": "id key number appid applicationid ciid assettag",
    "hostname": "hostname host server servername machine vm node fqdn dnsname",
    "name": "name application app service appname applicationname servicename component ci ciname product title",
    "ip": "ip ipaddress ipv4 address privateip primaryip",
    "public": "publicip externalip publicipv4",
    "os": "os operatingsystem",
    "cpu": "cpu cpus vcpu vcpus cores corecount",
    "memory": "ram memory ramgb memorygb rammb memorymb",
    "disk": "disk storage diskgb storagegb",
    "environment": "env environment stage",
    "team": "owner team ownedby responsible contact supportgroup",
    "system": "system businessservice businessapplication domain",
    "family": "family type kind class category",
    "datacenter": "datacenter dc location site",
    "region": "region",
    "provider": "provider cloud vendor",
    "status": "status state lifecyclestatus",
    "lifecycle": "lifecycle",
    "description": "description notes comment purpose",
    "entry": "entry public external exposed internetfacing",
    "port": "port ports",
    "protocol": "protocol interface means",
    "applications": "applications apps runs",
    "servers": "servers hosts runson",
    "deps": "dependencies deps calls",
}
_ROLE = {word: role for role, words in ROLES.items() for word in words.split()}
UNKNOWN = frozenset({"", "-", "--", "n/a", "na", "#n/a", "none", "null", "?", "unknown", "tbd"})
YES = frozenset({"yes", "y", "true", "1", "x", "public", "external"})
#: Relations of ServiceNow, as a row is read: parent, first half, child; what it means, and for which end first.
RELATIONS = {
    "depends on": "call", "uses": "call", "sends data to": "call", "connects to": "call", "consumes": "call",
    "runs on": "runs", "hosted on": "runs", "virtualized by": "host", "instantiates": "call",
}  # fmt: skip
#: The same from the other end.
REVERSED = {
    "used by": "call", "receives data from": "call", "runs": "runs", "hosts": "runs", "virtualizes": "host",
}  # fmt: skip
INSTALL = {"6": "in stock", "7": "retired", "100": "absent", "8": "stolen"}
OPERATIONAL = {"2": "not operational", "6": "retired"}


@dataclass(frozen=True)
class Sheet:
    """A table with the role of each column."""

    part: Part
    table: Table
    columns: Mapping[str, int]

    def cell(self, row: int, role: str) -> str:
        """What a row says in a role; what stands for nothing is nothing."""
        column = self.columns.get(role)
        word = self.table.rows[row][column].strip() if column is not None else ""
        return "" if word.lower() in UNKNOWN else word

    def place(self, row: int, role: str = "") -> tuple[int, int]:
        """The path to a cell."""
        return (row, self.columns.get(role, 0))


@dataclass
class Names:
    """The things of all tables by their names and ids, without case and outer blanks."""

    applications: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    servers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def find(self, collection: dict[str, set[str]], word: str) -> str | None:
        """The one thing a word means; nothing where it means none or several."""
        found = collection.get(word.strip().casefold(), set())
        return next(iter(found)) if len(found) == 1 else None


def plain(header: str) -> str:
    """A header without case, blanks, marks and a unit in brackets.

    >>> plain("RAM (GB)"), plain("IP-Address"), plain("Depends On")
    ('ram', 'ipaddress', 'dependson')
    """
    return re.sub(r"[^a-z0-9]", "", re.sub(r"[(\[].*?[)\]]", "", header.lower()))


def roles_of(header: Sequence[str]) -> dict[str, int]:
    """The column of each role that the header names.

    >>> roles_of(["Name", "Owner", "RAM (MB)"])
    {'name': 0, 'team': 1, 'memory': 2}
    """
    found: dict[str, int] = {}
    for place, word in enumerate(header):
        role = _ROLE.get(plain(word))
        if role is not None:
            found.setdefault(role, place)
    return found


def recognise(part: Part) -> Recognition:
    """A table whose header names things, or rows of ServiceNow as JSON."""
    if is_mapping(part.value):
        return True
    if isinstance(part.value, dict):
        rows = mappings(part.value.get("result") or part.value.get("records"))
        return bool(rows) and any(is_service_now(one.keys()) for one in rows)
    return isinstance(part.value, Table)  # a mapping beside it may say what its columns mean


def understood(columns: Mapping[str, int]) -> bool:
    """Whether columns name things, the two ends of calls, or relations of ServiceNow."""
    pairs = ({"source", "target"}, {"parent", "child", "type"})
    return bool({"name", "hostname", "ip", "id"} & columns.keys()) or any(pair <= columns.keys() for pair in pairs)


def is_mapping(value: Any) -> bool:
    """Whether a file says what columns mean: ``columns: {Header: role}``, and nothing else."""
    if not isinstance(value, dict) or set(value) != {"columns"} or not isinstance(value["columns"], dict):
        return False
    return all(isinstance(role, str) for role in value["columns"].values())


def written_down(parts: Sequence[Part], draft: Draft) -> dict[str, str]:
    """The roles that mapping files give to headers, without case; a role that there is not is a finding."""
    found: dict[str, str] = {}
    for part in parts:
        if is_mapping(part.value):
            for header, role in part.value["columns"].items():
                if role in ROLES or role == "":
                    found[plain(header)] = role
                    continue
                near = get_close_matches(role, ROLES, 1, 0.6)
                hint = f": did you mean {near[0]}?" if near else f"; there are {', '.join(ROLES)}"
                draft.remark(part, ("columns", header), "error", "mapping", f"no column means {role!r}{hint}")
            draft.fold("mapping", "the tables it is for")
    return found


def is_service_now(header: Any) -> bool:
    """Whether rows are of ServiceNow's CMDB."""
    names = {plain(str(word)) for word in header}
    return "sysid" in names or {"parent", "child", "type"} <= names


def read(parts: Sequence[Part], draft: Draft) -> None:
    """Things first, then what joins them: the order of the files does not matter."""
    names = Names()
    sheets = []
    roles = written_down(parts, draft)
    for part in parts:
        if is_mapping(part.value):
            continue
        if isinstance(part.value, dict):
            part = as_table(part)
        if "not UTF-8" in part.tags:
            words = "not UTF-8, read as Windows-1252: save it as UTF-8"
            draft.remark(part, (), "warning", "encoding", words)
        columns = columns_of(part.value)
        for place, header in enumerate(part.value.header):
            if (role := roles.get(plain(header))) is not None:
                columns = {name: at for name, at in columns.items() if at != place}
                columns |= {role: place} if role else {}
        sheets.append(Sheet(part, part.value, columns))
    for sheet in list(sheets):
        if not understood(sheet.columns):
            sheets.remove(sheet)
            header = ", ".join(sheet.table.header[:8])
            words = f"a table whose header says nothing of names, hosts or ends of calls ({header})"
            words += ": name a column `name`, or say what its columns mean with `columns: {Header: role}`"
            draft.remark(sheet.part, (), "error", "header", words)
            draft.skip("row", "nobody knows what its columns mean", len(sheet.table.rows))
    calls = [sheet for sheet in sheets if {"source", "target"} <= sheet.columns.keys()]
    relations = [sheet for sheet in sheets if {"parent", "child", "type"} <= sheet.columns.keys()]
    things = [sheet for sheet in sheets if sheet not in calls and sheet not in relations]
    for sheet in things:
        add_things(sheet, draft, names)
    for sheet in things:
        join_things(sheet, draft, names)
    for sheet in calls:
        add_calls(sheet, draft, names)
    for sheet in relations:
        add_relations(sheet, draft, names)
    add_systems(draft, sheets)


def columns_of(table: Table) -> dict[str, int]:
    """Roles of the columns; ServiceNow's own words too."""
    if not is_service_now(table.header):
        return roles_of(table.header)
    own = {
        "sysid": "id", "name": "name", "sysclassname": "family", "class": "family", "ipaddress": "ip",
        "operationalstatus": "operational", "installstatus": "install", "location": "datacenter",
        "supportgroup": "team", "parent": "parent", "child": "child", "type": "type", "shortdescription": "description",
        "environment": "environment", "os": "os", "ram": "memory", "cpucount": "cpu",
    }  # fmt: skip
    found: dict[str, int] = {}
    for place, word in enumerate(table.header):
        role = own.get(plain(word))
        if role is not None:
            found.setdefault(role, place)
    return found


def as_table(part: Part) -> Part:
    """Rows of JSON as a table; a reference of ServiceNow is an object with what is shown of it."""
    rows = mappings(part.value.get("result") or part.value.get("records"))
    header = tuple(dict.fromkeys(name for row in rows for name in row))

    def shown(value: Any, name: str) -> str:
        if isinstance(value, dict):
            value = (
                value.get("value") if name in ("parent", "child") else value.get("display_value") or value.get("value")
            )
        return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""

    cells = tuple(tuple(shown(row.get(name), name) for name in header) for row in rows)
    table = Table(header, cells, tuple(0 for _ in rows))
    return Part(part.file, table, part.folders, part.name, part.number, part.line)


# --- things -----------------------------------------------------------------------------


def is_server(sheet: Sheet, row: int) -> bool:
    """Whether a row is a machine: it has a host name or an address, or ServiceNow's class says so."""
    if "operational" in sheet.columns or "install" in sheet.columns or is_service_now(sheet.table.header):
        word = sheet.cell(row, "family").lower()
        return bool(re.search(r"server|computer|_win|linux|hardware|netgear|switch|router|firewall", word))
    if "hostname" in sheet.columns and "name" not in sheet.columns:
        return True
    return bool(sheet.cell(row, "ip")) or ("cpu" in sheet.columns and "memory" in sheet.columns)


def add_things(sheet: Sheet, draft: Draft, names: Names) -> None:
    """Every row as an application or a server."""
    now = is_service_now(sheet.table.header)
    guess = ", ".join(f"{sheet.table.header[place]} as {role}" for role, place in sorted(sheet.columns.items()))
    words = f"columns are read as: {guess}; a file with `columns: {{Header: role}}` beside it says otherwise"
    draft.remark(sheet.part, (), "note", "mapping", words)
    for row in range(len(sheet.table.rows)):
        name = sheet.cell(row, "name") or sheet.cell(row, "hostname") or sheet.cell(row, "id") or sheet.cell(row, "ip")
        if not name:
            draft.skip("row", "it has no name")
            continue
        if now and re.search(r"cmdb_ci_service|business service", sheet.cell(row, "family").lower()):
            draft.add("systems", sheet.cell(row, "id") or name, sheet.part, sheet.place(row), name=name)
            continue
        server = is_server(sheet, row)
        collection = "servers" if server else "applications"
        key = sheet.cell(row, "id") or name
        if draft.has(collection, key):
            words = f"{key} stands in two rows; what the first leaves out is taken from the second"
            draft.remark(sheet.part, sheet.place(row, "name"), "warning", "duplicate", words)
        shared = {
            "environment": sheet.cell(row, "environment"),
            "team": sheet.cell(row, "team"),
            "description": sheet.cell(row, "description"),
            "lifecycle": sheet.cell(row, "lifecycle"),
            "status": status_of(sheet, row),
            "datacenters": place_of(sheet, row),
        }
        if server:
            add_server(sheet, row, draft, key, name, shared)
        else:
            add_application(sheet, row, draft, key, name, shared)
        known = names.servers if server else names.applications
        for word in {name, key, sheet.cell(row, "hostname")} - {""}:
            known[word.casefold()].add(key)


def add_server(sheet: Sheet, row: int, draft: Draft, key: str, name: str, shared: Mapping[str, Any]) -> None:
    """A machine."""
    addresses = re.split(r"[,;\s]+", sheet.cell(row, "ip"))
    header = plain_unit(sheet, "memory")
    memory = amount(sheet.cell(row, "memory"))
    draft.add(
        "servers", key, sheet.part, sheet.place(row), names=[name], hostname=sheet.cell(row, "hostname") or name,
        ipv4_private=[word for word in addresses if word],
        ipv4_public=split(sheet.cell(row, "public")),
        cpu=amount(sheet.cell(row, "cpu")),
        memory=memory / 1024 if memory and header == "mb" else sheet.cell(row, "memory"),
        os={"dist": sheet.cell(row, "os")} if sheet.cell(row, "os") else None, kind=sheet.cell(row, "family"), **shared,
    )  # fmt: skip


def plain_unit(sheet: Sheet, role: str) -> str:
    """The unit that a header says in brackets or at its end."""
    place = sheet.columns.get(role)
    found = re.search(r"\b(mb|gb)\b|(mb|gb)$", sheet.table.header[place].lower()) if place is not None else None
    return (found[1] or found[2]) if found else ""


def amount(word: str) -> float | None:
    """A number, with a comma or a point."""
    try:
        return float(word.replace(",", ".")) if word else None
    except ValueError:
        return None


def add_application(sheet: Sheet, row: int, draft: Draft, key: str, name: str, shared: Mapping[str, Any]) -> None:
    """An application or a managed service."""
    said = sheet.cell(row, "family")
    document = draft.add(
        "applications", key, sheet.part, sheet.place(row), names=[name], name=name,
        family=known_family(said) or family_of_name(said) or family_of_name(name) or "Application", kind=said,
        **shared,
    )  # fmt: skip
    if sheet.cell(row, "entry").lower() in YES:
        document["x-entry"] = True
    for system in split(sheet.cell(row, "system")):
        document.setdefault("system", []).append({"_id": f"system/{system}", "name": system})


def known_family(word: str) -> str:
    """A family that a table names as this service does, or as ServiceNow's classes do.

    >>> known_family("database"), known_family("cmdb_ci_lb"), known_family("thing")
    ('Database', 'Loadbalance', '')
    """
    held = word.lower().removeprefix("cmdb_ci_")
    classes = {"db": "Database", "lb": "Loadbalance", "database": "Database", "cache": "Cache", "queue": "Broker"}
    classes |= {"broker": "Broker", "loadbalancer": "Loadbalance", "load balancer": "Loadbalance", "cdn": "CDN"}
    return next((family for key, family in classes.items() if held == key or held.startswith(f"{key}_")), "")


def status_of(sheet: Sheet, row: int) -> str:
    """A thing's state in words; ServiceNow writes numbers."""
    install, operational = sheet.cell(row, "install"), sheet.cell(row, "operational")
    word = INSTALL.get(install, install if not install.isdigit() else "")
    return (
        word
        or OPERATIONAL.get(operational, operational if not operational.isdigit() else "")
        or sheet.cell(row, "status")
    )


def place_of(sheet: Sheet, row: int) -> dict[str, str]:
    """Where a thing runs, as far as a row says."""
    held = {
        "name": sheet.cell(row, "datacenter"),
        "region": sheet.cell(row, "region"),
        "provider": sheet.cell(row, "provider"),
    }
    return {name: word for name, word in held.items() if word}


def split(cell: str) -> list[str]:
    """The parts of a cell that lists several."""
    return [word for part in re.split(r"[;,\n|]", cell) if (word := part.strip())]


def join_things(sheet: Sheet, draft: Draft, names: Names) -> None:
    """Columns of a thing's own table that name others: what runs on it, what it runs on, what it calls."""
    for row in range(len(sheet.table.rows)):
        key = sheet.cell(row, "id") or sheet.cell(row, "name") or sheet.cell(row, "hostname")
        for role, collection, other in (
            ("applications", "servers", names.applications),
            ("servers", "applications", names.servers),
            ("deps", "applications", names.applications),
        ):
            document = draft.get(collection, key)
            if document is None:
                continue
            for word in split(sheet.cell(row, role)):
                target = names.find(other, word)
                if target is None:
                    missing(sheet, draft, row, role, word, other)
                elif role == "deps":
                    draft.call(document, target)
                else:
                    document.setdefault(role, []).append({"_id": target})


def missing(sheet: Sheet, draft: Draft, row: int, role: str, word: str, known: Mapping[str, set[str]]) -> None:
    """Say that a cell names nothing; near misses are told and never joined."""
    close = get_close_matches(plain(word), [plain(key) for key in known], 1, 0.8)
    near = [key for key in known if plain(key) in close and key != word.casefold()]
    hint = f": did you mean {near[0]}?" if near else ""
    draft.remark(sheet.part, sheet.place(row, role), "warning", "reference", f"{word!r} is in no table{hint}")


# --- calls and relations ----------------------------------------------------------------


def add_calls(sheet: Sheet, draft: Draft, names: Names) -> None:
    """Rows with two ends; one that no table holds is an application all the same."""
    for row in range(len(sheet.table.rows)):
        ends = []
        for role in ("source", "target"):
            word = sheet.cell(row, role)
            key = names.find(names.applications, word) if word else None
            if word and key is None:
                if names.applications:
                    missing(sheet, draft, row, role, word, names.applications)
                key = word
                family, place = family_of_name(word) or "Application", sheet.place(row, role)
                draft.add(
                    "applications", key, sheet.part, place, how="inferred", why="a call names it", names=[word],
                    name=word, family=family,
                )  # fmt: skip
                names.applications[word.casefold()].add(key)
            ends.append(key)
        if ends[0] is None or ends[1] is None:
            draft.skip("row", "one of its ends is missing")
            continue
        endpoint = f"{sheet.cell(row, 'protocol')} {sheet.cell(row, 'port')}".strip()
        if ends[0] != ends[1]:
            draft.call(draft.documents["applications"][ends[0]], ends[1], endpoint=endpoint)
        draft.fold("row", "the application that calls")


def add_relations(sheet: Sheet, draft: Draft, names: Names) -> None:
    """ServiceNow's relations: parent, first half of the type, child."""
    for row in range(len(sheet.table.rows)):
        first, _, second = sheet.cell(row, "type").lower().partition("::")
        meaning = RELATIONS.get(first.strip()) or REVERSED.get(first.strip())
        parent, child = sheet.cell(row, "parent"), sheet.cell(row, "child")
        if first.strip() in REVERSED:
            parent, child = child, parent
        if meaning is None:
            draft.skip(f"relation {sheet.cell(row, 'type') or 'without a type'}", "it says nothing of calls or hosts")
            continue
        draft.fold("relation", "the things it joins")
        relate(sheet, draft, names, row, meaning, parent, child, second)


def relate(
    sheet: Sheet, draft: Draft, names: Names, row: int, meaning: str, parent: str, child: str, _second: str
) -> None:
    """One relation between two things that the tables hold; one written the wrong way round is turned and told."""
    if meaning == "runs" and names.find(names.servers, parent) and names.find(names.applications, child):
        words = f"{parent} is a machine and does not run on {child}; the row is read the other way round"
        draft.remark(sheet.part, sheet.place(row, "parent"), "warning", "reversed", words)
        parent, child = child, parent
    target_kind = names.servers if meaning in ("runs", "host") else names.applications
    source_kind = names.servers if meaning == "host" else names.applications
    source, target = names.find(source_kind, parent), names.find(target_kind, child)
    system, inner = draft.get("systems", parent), names.find(names.applications, child)
    if meaning == "call" and system is not None and inner is not None:
        system.setdefault("entry", []).append({"_id": inner})
        draft.documents["applications"][inner].setdefault("system", []).append({"_id": parent})
        return
    if source is None or target is None:
        word, role, known = (parent, "parent", source_kind) if source is None else (child, "child", target_kind)
        missing(sheet, draft, row, role, word, known)
        return
    if meaning == "call":
        draft.call(draft.documents["applications"][source], target)
    elif meaning == "runs":
        draft.documents["applications"][source].setdefault("servers", []).append({"_id": target})
    else:
        host = draft.documents["servers"][target]
        draft.documents["servers"][source]["host"] = host.get("hostname") or target


def add_systems(draft: Draft, sheets: Sequence[Sheet]) -> None:
    """The systems that columns name, else one for all; entered by what says so, else by what nobody calls."""
    applications = draft.documents.get("applications", {})
    if not applications:
        return
    called = {dep["_id"] for one in applications.values() for dep in one.get("deps", ())}
    named = any(one.get("system") for one in applications.values())
    if not named:
        for one in applications.values():
            one["system"] = [{"_id": "system/tables", "name": "Tables"}]
    members: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, one in applications.items():
        for system in one.get("system", ()):
            members[system["_id"], system.get("name", "")].append(key)
    for (system, name), keys in sorted(members.items()):
        doors = [key for key in keys if applications[key].get("x-entry")] or [key for key in keys if key not in called]
        document = draft.get("systems", system) or draft.add(
            "systems", system, sheets[0].part, (), how="inferred", why="a column names it", name=name or system
        )
        document.setdefault("entry", [{"_id": key} for key in doors])
    for one in applications.values():
        one.pop("x-entry", None)


@hookimpl
def analytics_sources() -> Iterator[Reader]:
    yield Reader("tables", "tables: CSV, Excel, ServiceNow's lists", recognise, read, COLLECT, rank=30)
