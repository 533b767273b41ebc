"""Tables: what a header means, calls by name, ServiceNow's relations and their direction."""

import io
import json

import openpyxl
import pytest

from analytics.errors import InventoryError
from analytics.testing.sources import calls, estate_of, named, remarks

APPLICATIONS = (
    "App Name;Owner;Environment;System;Public\nWeb;team-a;Production;Shop;yes\nOrders;team-b;Production;Shop;\n"
)
SERVERS = 'Hostname,IP Address,vCPU,RAM (MB),OS,Applications\nsrv1,10.0.0.5,4,8192,Debian 12,"Web; Orders"\n'
SERVERS += "srv2,-,,,n/a,Wep\n"
CALLS = "From,To,Protocol,Port\nweb,Orders,https,443\nOrders,orders-db,jdbc,5432\n"


def test_three_tables_are_one_estate() -> None:
    estate = estate_of({"applications.csv": APPLICATIONS, "servers.csv": SERVERS, "dependencies.csv": CALLS})
    assert calls(estate) == [("Orders", "orders-db", "jdbc 5432"), ("Web", "Orders", "https 443")]
    web, machine = named(estate)["Web"], named(estate, "servers")["srv1"]
    assert (web["team"], web["environment"]) == ("team-a", "Production")
    assert (machine["cpu"], machine["memory"], machine["ipv4_private"]) == (4, 8, ["10.0.0.5"])
    assert [one["_id"] for one in machine["applications"]] == ["Web", "Orders"]
    assert named(estate)["orders-db"]["family"] == "Database"
    assert [one["_id"] for one in named(estate, "systems")["Shop"]["entry"]] == ["Web"]
    said = [(name, line, code) for name, line, code, _ in remarks(estate) if code != "mapping"]
    assert ("servers.csv", 3, "reference") in said


def test_the_guess_is_told() -> None:
    words = [text for _, _, code, text in remarks(estate_of({"a.csv": APPLICATIONS})) if code == "mapping"]
    assert "App Name as name" in words[0]
    assert "Owner as team" in words[0]


def test_a_near_miss_is_told_and_not_joined() -> None:
    estate = estate_of({"a.csv": APPLICATIONS, "calls.csv": "from,to\nWeb,or-ders\n"})
    assert any("did you mean orders" in text for _, _, code, text in remarks(estate) if code == "reference")
    assert len(estate.documents["applications"]) == 3


def test_a_workbook_is_read_by_its_visible_sheets() -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    for row in (["An estate"], ["Name", "Depends on"], ["Web", "Orders"], ["Orders", None]):
        first.append(row)
    hidden = book.create_sheet("old")
    hidden.append(["Name", "Owner"])
    hidden.append(["Gone", "x"])
    hidden.sheet_state = "hidden"
    held = io.BytesIO()
    book.save(held)
    estate = estate_of({"estate.xlsx": held.getvalue()})
    assert "Gone" not in named(estate)


@pytest.mark.parametrize("spelled", ["csv", "json"])
def test_servicenow(spelled: str) -> None:
    things = [
        ["a1", "Web", "cmdb_ci_appl", "", "1"],
        ["a2", "Orders", "cmdb_ci_appl", "", "6"],
        ["s1", "srv1", "cmdb_ci_linux_server", "10.0.0.5", "1"],
        ["v1", "Checkout", "cmdb_ci_service", "", "1"],
    ]
    header = ["sys_id", "name", "sys_class_name", "ip_address", "operational_status"]
    relations = [
        ["Checkout", "Web", "Depends on::Used by"],
        ["v1", "a1", "Depends on::Used by"],
        ["a1", "a2", "Depends on::Used by"],
        ["s1", "a2", "Runs on::Runs"],
        ["s1", "a1", "Runs::Runs on"],
        ["a1", "a2", "Documented by::Documents"],
    ]
    ends = ["parent", "child", "type"]
    if spelled == "csv":
        files = {
            "cmdb_ci.csv": "\n".join(",".join(row) for row in [header, *things]),
            "cmdb_rel_ci.csv": "\n".join(",".join(row) for row in [ends, *relations]),
        }
    else:
        files = {
            "cmdb_ci.json": json.dumps({"result": [dict(zip(header, row, strict=True)) for row in things]}),
            "cmdb_rel_ci.json": json.dumps(
                {"result": [{"sys_id": str(n), **dict(zip(ends, row, strict=True))} for n, row in enumerate(relations)]}
            ),
        }
    estate = estate_of(files)
    assert calls(estate) == [("Web", "Orders", "")]
    assert named(estate)["Orders"]["status"] == "retired"
    assert [one["_id"] for one in named(estate)["Orders"]["servers"]] == ["s1"]
    assert [one["_id"] for one in named(estate)["Web"]["servers"]] == ["s1"]
    assert "a1" in [one["_id"] for one in named(estate, "systems")["Checkout"]["entry"]]
    assert "reversed" in [code for _, _, code, _ in remarks(estate)]


def test_a_table_of_something_else_says_what_is_missing() -> None:
    with pytest.raises(InventoryError, match="name a column `name`"):
        estate_of({"a.csv": "colour,weight\nred,3\n"})


def test_what_columns_mean_can_be_written_down() -> None:
    table = "Titel;Verantwortlich;Umgebung\nWeb;team-a;Production\n"
    roles = "columns: {Titel: name, Verantwortlich: team, Umgebung: environment}\n"
    web = named(estate_of({"a.csv": table, "columns.yaml": roles}))["Web"]
    assert (web["team"], web["environment"]) == ("team-a", "Production")
    wrong = estate_of({"a.csv": "Name;X\nWeb;1\n", "columns.yaml": "columns: {X: enviroment}\n"})
    said = [(line, text) for _, line, code, text in remarks(wrong) if code == "mapping" and "no column" in text]
    assert said == [(1, "no column means 'enviroment': did you mean environment?")]


def test_windows_text_is_read_and_told() -> None:
    estate = estate_of({"a.csv": "name;owner\nCaf\u00e9;x\n".encode("cp1252")})
    assert "Caf\u00e9" in named(estate)
    assert "encoding" in [code for _, _, code, _ in remarks(estate)]
