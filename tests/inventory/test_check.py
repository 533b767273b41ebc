"""Spoilt inventories: each is answered with its file, the line, and what to mend."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from analytics.documents.fields import FIELDS
from analytics.inventory.check import check_file
from analytics.inventory.schema import schema
from devtool.places import ROOT, SAMPLE

#: What is spoilt: the file's name and text, the line, the severity, and words of the remark.
SPOILT: dict[str, tuple[str, str, int, str, str]] = {
    "key": ("a.yaml", "applications:\n- name: web\n  familly: Cache", 3, "warning", "did you mean family?"),
    "key of another format": ("a.yaml", "applications:\n- {name: web, depends_on: [db]}", 2, "warning", "mean deps?"),
    "key in upper case": ("a.yaml", "servers:\n- name: s\n  CPU: 4", 3, "warning", "did you mean cpu?"),
    "key in a part": ("a.yaml", "servers:\n- name: s\n  datacenters: {regoin: eu}", 3, "warning", "mean region?"),
    "key that nothing reads": ("a.yaml", "servers:\n- name: s\n  colour: red", 3, "note", "nothing reads 'colour'"),
    "collection": ("a.yaml", "system:\n- name: s", 1, "error", "did you mean systems?"),
    "collection, misspelt": ("a.json", '{\n"aplications": []}', 2, "error", "did you mean applications?"),
    "collection that is no list": ("a.yaml", "servers: {a: 1}", 1, "error", "must be a list of documents"),
    "document that is none": ("a.yaml", "servers:\n- name: a\n- web", 3, "error", "must be an object"),
    "document without id": ("a.yaml", "servers:\n- name: a\n- cpu: 4", 3, "error", "neither _id nor name"),
    "number": ("a.yaml", "servers:\n- name: a\n  cpu: many", 3, "warning", "a number expected"),
    "text": ("a.yaml", "applications:\n- name: a\n  language: [1, {a: 1}]", 3, "warning", "text expected"),
    "list of objects": ("a.yaml", "servers:\n- name: a\n  storage: 10", 3, "warning", "a list of objects expected"),
    "object": ("a.yaml", "applications:\n- name: a\n  role: [1]", 3, "warning", "an object expected"),
    "reference": (
        "a.yaml",
        "applications:\n- name: shop\n- name: b\n  deps: [shpo]",
        4,
        "warning",
        "did you mean shop?",
    ),
    "reference that is none": ("a.yaml", "applications:\n- name: a\n  deps: [{}]", 3, "warning", "an id or a name"),
    "entry": ("a.yaml", "systems:\n- name: s\n  entry: [web]", 3, "warning", "'web' is not among the applications"),
    "family": ("a.yaml", "applications:\n- name: a\n  family: Databse", 3, "warning", "did you mean Database?"),
    "date": ("a.yaml", "applications:\n- name: a\n  updated_at: yesterday", 3, "warning", "a date expected"),
    "day that is none": ("a.yaml", "systems:\n- name: a\n  updated_at: 2026-13-40", 3, "warning", "a date expected"),
    "address": ("a.yaml", "servers:\n- name: a\n  ipv4_private: 10.0.1.300", 3, "warning", "an address expected"),
    "address of the other kind": ("a.yaml", "servers:\n- name: a\n  ipv4_public: '::1'", 3, "warning", "IPv4"),
    "range": ("a.yaml", "networks:\n- name: a\n  cidr_block: 10.0.0.0/40", 3, "warning", "an address range expected"),
    "unit": ("a.yaml", "servers:\n- name: a\n  memory: 8 apples", 3, "warning", "a number of GB expected"),
    "unit that is MB": ("a.yaml", "servers:\n- name: a\n  memory: 65536", 3, "warning", "is it MB?"),
    "id given twice": ("a.yaml", "servers:\n- name: a\n- name: a", 3, "error", "taken already, on line 2"),
    "key given twice": ("a.yaml", "servers:\n- name: a\n  cpu: 1\n  cpu: 2", 4, "error", "twice, here and on line 3"),
    "key given twice in JSON": ("a.json", '{"servers": [\n{"_id": "a",\n"_id": "b"}]}', 3, "error", "on line 2"),
    "encoding": ("a.yaml", "servers:\n- name: caf\udce9", 2, "error", "save it as UTF-8"),
    "encoding of Windows": ("a.json", "\udcff\udcfe{}", 1, "error", "save it as UTF-8"),
    "anchor that holds itself": ("a.yaml", "servers: &a\n- *a", 1, "error", "aliases"),
    "anchor nobody set": ("a.yaml", "servers:\n- *gone", 2, "error", "not YAML"),
    "indentation": ("a.yaml", "servers:\n- name: a\n cpu: 4", 3, "error", "not YAML"),
    "second document": ("a.yaml", "servers: []\n---\nservers: []", 2, "error", "a second document"),
    "bracket": ("a.json", '{"servers": [\n{"name": "a",}]}', 2, "error", "not JSON"),
    "nothing": ("a.json", "[1]", 1, "error", "an object of collections"),
    "CSV": ("a.csv", "name,family\nweb,Cache\n", 1, "error", "a CSV table"),
    "CSV with semicolons as YAML": ("a.yaml", "name;family\nweb;Cache\n", 1, "error", "a CSV table"),
    "compose file": ("a.yaml", "services:\n  web: {image: nginx}", 1, "error", "a compose file"),
    "manifest": ("a.yaml", "apiVersion: apps/v1\nkind: Deployment", 1, "error", "a Kubernetes manifest"),
    "list of documents": ("a.json", '[{"name": "web"}]', 1, "error", "say what it is a list of"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_inventory_is_answered_with_line_and_what_to_mend(how: str, tmp_path: Path) -> None:
    name, text, line, severity, words = SPOILT[how]
    file = tmp_path / name
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    remarks = [one for one in check_file(file) if words in one.text]
    assert [(one.line, one.severity) for one in remarks] == [(line, severity)], check_file(file)
    assert remarks[0].column > 0


def analytics(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "analytics", *args]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_command_says_it_as_text_and_json_and_fails_as_told(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("applications:\n- name: web\n  familly: Cache\n")
    said = analytics("validate", str(file))
    assert said.returncode == 0
    assert (
        said.stdout == f"{file}:3:3: warning: familly: no such field: did you mean family? (applications[0].familly)\n"
    )
    assert said.stderr == f"{file}: 1 warning\n"
    listed = analytics("validate", str(file), "--format", "json", "--fail-on", "warning")
    assert listed.returncode == 1
    assert json.loads(listed.stdout)[0] | {"file": ""} == {
        "file": "",
        "severity": "warning",
        "code": "field",
        "text": "familly: no such field: did you mean family?",
        "line": 3,
        "column": 3,
        "where": "applications[0].familly",
    }
    drawn = analytics("draw", str(file), "--strict", "-o", str(tmp_path / "a.md"))
    assert drawn.returncode == 1
    assert "did you mean family?" in drawn.stderr
    assert "strict: 1 thing in the inventory could not be read as meant" in drawn.stderr


def test_the_sample_has_nothing_but_its_ghost_to_mend() -> None:
    assert [one.code for one in check_file(SAMPLE) if one.severity != "note"] == ["reference"]


def wrong(value: Any) -> list[str]:
    """Where an editor's validator would draw its line."""
    return ["/".join(map(str, one.instance_path)) for one in jsonschema_rs.validator_for(schema()).iter_errors(value)]


def test_an_editor_accepts_the_sample_and_finds_misspellings_too() -> None:
    assert wrong(json.loads(SAMPLE.read_text())) == []
    assert wrong({"applications": [{"name": "a", "deps": ["b"], "x-note": "mine", "colour": "red"}]}) == []
    spoilt: dict[str, Any]
    for spoilt in ({"familly": "Cache"}, {"dependencies": []}, {"sevrers": []}, {"language": {}}):
        assert wrong({"applications": [{"name": "a"} | spoilt]}), spoilt
    assert wrong({"system": []})


def test_every_field_is_told_apart_and_said_once() -> None:
    assert len({(field.collection, field.name) for field in FIELDS}) == len(FIELDS)
    assert all(field.meaning and field.graphs for field in FIELDS)
