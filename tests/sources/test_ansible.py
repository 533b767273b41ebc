"""Ansible: hosts, what runs on them by their groups, and what is refused."""

import json

import pytest

from analytics.errors import InventoryError
from analytics.testing.sources import estate_of, named

LISTED = {
    "_meta": {
        "hostvars": {"web1": {"ansible_host": "10.0.0.5", "db_password": "hunter2", "ansible_memtotal_mb": 4096}}
    },
    "all": {"children": ["prod", "shop", "ungrouped"]},
    "prod": {"hosts": ["web1", "db1"]},
    "shop": {"children": ["web", "postgres"]},
    "web": {"hosts": ["web1"]},
    "postgres": {"hosts": ["db1"]},
}


def test_a_listed_inventory() -> None:
    estate = estate_of({"a.json": json.dumps(LISTED)})
    servers = named(estate, "servers")
    assert sorted(servers) == ["db1", "web1"]
    assert (servers["web1"]["memory"], servers["web1"]["environment"]) == (4, "Production")
    assert named(estate)["postgres"]["family"] == "Database"
    assert [one["_id"] for one in named(estate)["web"]["servers"]] == ["web1"]
    assert [one["_id"] for one in named(estate, "systems")["shop"]["entry"]] == ["group/web", "group/postgres"]
    assert "hunter2" not in json.dumps({name: list(held) for name, held in estate.documents.items()})


@pytest.mark.parametrize("text", ["all:\n  hosts: {web1: }\n", "- hosts: web\n  tasks: []\n"])
def test_what_only_ansible_can_put_together_is_refused(text: str) -> None:
    with pytest.raises(InventoryError, match="--list"):
        estate_of({"a.yaml": text})
