"""An inventory and its answers as a database of SQLite, for free questions."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from .pages import Report

SCHEMA = """
CREATE TABLE things (id TEXT PRIMARY KEY, collection TEXT, name TEXT);
CREATE TABLE fields (thing TEXT, field TEXT, value TEXT);
CREATE TABLE needs (thing TEXT, member TEXT, kind TEXT, k INTEGER, n INTEGER, basis TEXT, soft INTEGER);
CREATE TABLE weak_points (thing TEXT, kind TEXT, brings_down TEXT);
CREATE TABLE findings (rule TEXT, thing TEXT, state TEXT, level TEXT, text TEXT);
CREATE INDEX fields_of ON fields (thing, field);
CREATE INDEX needs_of ON needs (thing);
CREATE INDEX needs_by ON needs (member);
"""
#: The fields that are written of applications and servers.
WRITTEN = (
    *("family", "environment", "language", "status", "system", "team", "lifecycle", "data_class", "provider"),
    *("datacenter", "region", "zone", "network", "exposure", "os", "cpu", "memory", "updated_at"),
)


def write_database(report: Report, path: Path) -> None:
    """Write a new database over ``path``. Raises :class:`OSError` and :class:`sqlite3.Error`."""
    path.unlink(missing_ok=True)
    facts, held = report.facts, report.facts.held
    with sqlite3.connect(path) as database:
        database.executescript(SCHEMA)
        names = sorted(held.names.items())
        database.executemany(
            "INSERT INTO things VALUES (?, ?, ?)", ((k, k.partition("/")[0], name) for k, name in names)
        )
        asked = [key for key in facts.whole.things if key.startswith(("applications/", "servers/"))]
        database.executemany(
            "INSERT INTO fields VALUES (?, ?, ?)",
            ((key, name, value) for key in asked for name in WRITTEN for value in facts.of(key, name).values),
        )
        database.executemany(
            "INSERT INTO needs VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (one.thing, member, one.kind, one.k, len(one.of), one.basis, int(one.soft))
                for one in held.needs
                for member in one.of
            ),
        )
        database.executemany(
            "INSERT INTO weak_points VALUES (?, ?, ?)",
            (
                (thing, one.kind, brought)
                for one in report.weak
                for thing in one.things
                for brought in (*one.systems, *one.applications)
            ),
        )
        database.executemany(
            "INSERT INTO findings VALUES (?, ?, ?, ?, ?)",
            (
                (one.rule, thing, one.state, one.level, one.text)
                for result in report.settled.results
                for one in result.found
                for thing in one.things
            ),
        )
    database.close()
