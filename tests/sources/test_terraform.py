"""Terraform: what states and plans become, what is refused with the way out, and what is never read."""

import contextlib
import copy
import json
import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import InventoryError
from analytics.sources import Estate
from analytics.testing.sources import account, estate_of, named, remarks
from tests.sources.test_graphs_of_sources import drawn

#: How many spoilt files are tried; the long run tries more.
EXAMPLES = int(os.environ.get("MAESTRO_TEST_EXAMPLES", "120"))

CANARY = "c4n4ry-"
Attributes = dict[str, Any]


def resource(kind: str, name: str, *instances: Attributes, module: str = "", **more: Any) -> dict[str, Any]:
    """A resource of a state; keys that begin with ``_`` belong to the instance and not to its attributes."""
    held = []
    for number, each in enumerate(instances):
        own = {key[1:]: value for key, value in each.items() if key.startswith("_")}
        attributes = {key: value for key, value in each.items() if not key.startswith("_")}
        held.append({"attributes": attributes, **({"index_key": number} if len(instances) > 1 else {}), **own})
    where = {"module": module} if module else {}
    return {"mode": "managed", "type": kind, "name": name, "provider": "provider.x", "instances": held, **where, **more}


def state(*resources: dict[str, Any], **more: Any) -> str:
    """A state of version 4."""
    return json.dumps({"version": 4, "terraform_version": "1.9.0", "serial": 1, "resources": list(resources), **more})


def rule(port: int, **source: Any) -> Attributes:
    """A rule as groups write it inline."""
    lists: Attributes = {name: [] for name in ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups")}
    return {"protocol": "tcp", "from_port": port, "to_port": port, "self": False, **lists, **source}


VPC = resource("aws_vpc", "main", {"id": "vpc-1", "cidr_block": "10.0.0.0/16", "tags": {"Name": "prod"}})
SHOP = (
    VPC,
    resource(
        "aws_subnet",
        "public",
        {"id": "subnet-1", "vpc_id": "vpc-1", "cidr_block": "10.0.1.0/24", "availability_zone": "eu-west-1a"},
    ),
    resource(
        "aws_instance",
        "web",
        *(
            {
                "id": f"i-{number}",
                "arn": f"arn:aws:ec2:eu-west-1:123456789012:instance/i-{number}",
                "instance_type": "t3.small",
                "subnet_id": "subnet-1",
                "private_ip": f"10.0.1.{number}",
                "public_ip": "198.51.100.7" if number == 1 else "",
                "vpc_security_group_ids": ["sg-web"],
                "user_data": "#!/bin/sh\nexport TOKEN=hunter2",
                "tags": {"Name": f"web-{number}", "Environment": "Production", "Secret": "hunter2"},
            }
            for number in (1, 2)
        ),
        module='module.shop["eu"]',
    ),
    resource(
        "aws_security_group",
        "web",
        {
            "id": "sg-web",
            "name": "web",
            "vpc_id": "vpc-1",
            "ingress": [rule(443, cidr_blocks=["0.0.0.0/0"]), rule(22, self=True)],
            "egress": [],
        },
    ),
    resource(
        "aws_security_group_rule",
        "again",
        {
            "id": "sgrule-1",
            "security_group_id": "sg-web",
            "type": "ingress",
            **rule(443, cidr_blocks=["0.0.0.0/0"]),
        },
    ),
    resource(
        "aws_vpc_security_group_ingress_rule",
        "more",
        {"security_group_id": "sg-web", "ip_protocol": "tcp", "from_port": 80, "to_port": 80, "prefix_list_id": "pl-1"},
    ),
    resource("aws_lb", "front", {"id": "arn:lb", "arn": "arn:lb", "name": "front", "internal": False, "vpc_id": "vpc-1",
                                 "security_groups": ["sg-web"], "dns_name": "front.elb.example"}),
    resource("aws_lb_listener", "https", {"id": "arn:li", "arn": "arn:li", "load_balancer_arn": "arn:lb", "port": 443,
                                          "protocol": "HTTPS", "default_action": [{"target_group_arn": "arn:tg"}]}),
    resource("aws_lb_target_group", "web", {"id": "arn:tg", "arn": "arn:tg", "name": "web"}),
    resource("aws_lb_target_group_attachment", "web", {"target_group_arn": "arn:tg", "target_id": "i-2"}),
    resource("aws_db_instance", "orders", {"id": "orders", "engine": "postgres", "password": "hunter2", "port": 5432,
                                           "address": "orders.rds.example", "vpc_security_group_ids": ["sg-web"],
                                           "arn": "arn:aws:rds:eu-west-1:123456789012:db:orders"}),
    resource("aws_ebs_volume", "data", {"id": "vol-1", "size": 80, "availability_zone": "eu-west-1a"}),
    resource("aws_volume_attachment", "data", {"volume_id": "vol-1", "instance_id": "i-1"}),
    resource("aws_eip", "loose", {"id": "eipalloc-1", "public_ip": "198.51.100.9", "instance": "i-2"}),
    resource("aws_internet_gateway", "out", {"id": "igw-1", "vpc_id": "vpc-1"}),
    resource("aws_route_table", "out", {"id": "rtb-1", "vpc_id": "vpc-1", "route": [
        {"cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"}]}),
    resource("aws_route_table_association", "out", {"route_table_id": "rtb-1", "subnet_id": "subnet-1"}),
    resource("aws_iam_role", "web", {"id": "web", "assume_role_policy": "hunter2"}),
    resource("random_password", "db", {"id": "none", "result": "hunter2"}),
    resource("aws_quantum_ledger", "q", {"id": "q"}),
    resource("aws_ami", "ubuntu", {"id": "ami-1"}, mode="data"),
    resource("aws_key_pair", "old", {"id": "k", "_deposed": "00aa"}),
)  # fmt: skip


def read(*resources: dict[str, Any]) -> Estate:
    """What a state becomes."""
    return estate_of({"terraform.tfstate": state(*resources)})


def test_a_state_becomes_documents_called_by_their_addresses() -> None:
    estate = read(*SHOP)
    web = named(estate, "servers")["web-1"]
    assert web["_id"] == 'module.shop["eu"].aws_instance.web[0]'
    assert web["aliases"] == ["i-1", "arn:aws:ec2:eu-west-1:123456789012:instance/i-1"]
    assert web["datacenters"] == {
        "_id": "aws/123456789012", "name": "123456789012", "provider": "AWS", "region": "eu-west-1",
        "subnet_id": "subnet-1", "instance": "t3.small", "instance_id": "i-1", "security_groups": ["sg-web"],
    }  # fmt: skip
    assert (web["environment"], web["namespace"], web["ipv4_public"]) == ("Production", 'shop["eu"]', ["198.51.100.7"])
    assert named(estate, "servers")["web-2"]["ipv4_public"] == ["198.51.100.9"], "an address is its holder's"
    assert named(estate, "networks")["prod"]["cidr_block"] == "10.0.0.0/16"
    assert named(estate, "volumes")["data"]["server"] == {"_id": web["_id"]}
    apps = named(estate)
    assert {name: one["family"] for name, one in apps.items()} == {"front": "Loadbalance", "orders": "Database"}
    assert apps["front"]["targets"] == [{"_id": 'module.shop["eu"].aws_instance.web[1]'}]
    assert apps["front"]["role"]["listeners"] == [{"port": "443", "protocol": "HTTPS"}]
    assert estate.type == "infra"


def test_a_rule_that_is_told_twice_is_one() -> None:
    group = named(read(*SHOP), "networks")["web"]
    said = [
        (one["FromPort"], *(len(one[name]) for name in ("IpRanges", "PrefixListIds", "UserIdGroupPairs")))
        for one in group["ip_permissions"]
    ]
    assert sorted(said) == [(22, 0, 0, 1), (80, 0, 1, 0), (443, 1, 0, 0)]
    assert group["ip_permissions"][0]["UserIdGroupPairs"] == [{"GroupId": "sg-web"}]


def test_everything_in_the_file_is_accounted_for() -> None:
    estate = read(*SHOP)
    documents = sum("address" in one for held in estate.documents.values() for one in held)
    assert account(estate) == {
        "aws_security_group_rule": 1, "aws_vpc_security_group_ingress_rule": 1, "aws_lb_listener": 1,
        "aws_lb_target_group": 1, "aws_lb_target_group_attachment": 1, "aws_volume_attachment": 1, "aws_eip": 1,
        "aws_route_table_association": 1, "aws_iam_role": 1, "random_password": 1, "aws_quantum_ledger": 1,
        "data aws_ami": 1, "aws_key_pair": 1,
    }  # fmt: skip
    assert documents + sum(account(estate).values()) == sum(len(one["instances"]) for one in SHOP)


def test_the_network_graph_of_a_state() -> None:
    nodes, lines, boxes = drawn(read(*SHOP), "network")
    assert nodes["web-1"] == nodes["web-2"] == "public"
    assert boxes["prod"] == "network"
    assert ("Internet", "web-1", "ingress") in lines
    assert ("front", "web-2", "lb") in lines
    assert ("public", "out", "route") in lines


def test_modules_are_boxes_in_boxes() -> None:
    one = resource("aws_instance", "this", {"id": "i-9"}, module='module.a["x"].module.b[1]')
    _, _, boxes = drawn(read(one, *SHOP), "infra")
    assert {name for name, kind in boxes.items() if kind == "namespace"} == {'a["x"]', "b[1]", 'shop["eu"]'}


def test_a_rule_without_direction_or_ports_leaves_its_group_unknown() -> None:
    bare = resource("aws_security_group_rule", "r", {"id": "sgrule-2", "security_group_id": "sg-1"})
    machine = resource("aws_instance", "web", {"id": "i-1", "public_ip": "198.51.100.7",
                                               "vpc_security_group_ids": ["sg-1"]})  # fmt: skip
    group = resource("aws_security_group", "g", {"id": "sg-1", "ingress": []})
    estate = read(group, bare, machine)
    assert [code for _, _, code, _ in remarks(estate)] == ["incomplete"]
    assert "neither direction nor ports" in json.dumps(named(estate, "networks")["g"]["ip_permissions"])
    inline = resource("aws_security_group", "g", {"id": "sg-1", "ingress": [rule(22, cidr_blocks=["10.0.0.0/8"])]})
    assert remarks(read(inline, bare, machine)) == [], "it repeats what the group says"


def port(name: str, group: str) -> dict[str, Any]:
    """A port of OpenStack with a group."""
    return resource("openstack_networking_port_v2", name, {"id": f"port-{name}", "security_group_ids": [group]})


def machine(name: str, *depends: str) -> dict[str, Any]:
    """A machine of OpenStack that says nothing but what it depends on."""
    return resource("openstack_compute_instance_v2", name, {"id": f"vm-{name}", "_dependencies": list(depends)})


GROUPS = [resource("openstack_networking_secgroup_v2", name, {"id": name}) for name in ("front", "back")]
RULE = resource("openstack_networking_secgroup_rule_v2", "r", {
    "id": "r", "direction": "ingress", "remote_group_id": "front",
    "_depends_on": ["openstack_networking_secgroup_v2.front", "openstack_networking_secgroup_v2.back"]})  # fmt: skip


def test_dependencies_fill_what_attributes_leave_open() -> None:
    estate = read(
        *GROUPS, RULE, port("a", "front"), port("b", "back"),
        machine("a", "openstack_networking_port_v2.a"), machine("b", "openstack_networking_port_v2.b"),
    )  # fmt: skip
    assert drawn(estate, "network")[1] == [("a", "b", "ingress")]


def test_what_a_resource_was_built_with_is_kept_by_address_all_instances_of_it() -> None:
    function = resource(
        "aws_lambda_function", "f", {"id": "f", "_dependencies": ["aws_db_instance.db", "aws_iam_role.r", "aws_x.gone"]}
    )
    databases = resource("aws_db_instance", "db", {"id": "one"}, {"id": "two"})
    role = resource("aws_iam_role", "r", {"id": "r"})
    estate = read(function, databases, role)
    (held,) = [one for one in estate.documents["applications"] if one["_id"] == "aws_lambda_function.f"]
    assert [one["_id"] for one in held["depends"]] == ["aws_db_instance.db[0]", "aws_db_instance.db[1]"]


def test_of_two_attachments_that_state_the_same_one_goes_where_it_depends() -> None:
    def attach(name: str, pair: str) -> dict[str, Any]:
        depends = [f"openstack_compute_instance_v2.{pair}", f"openstack_networking_port_v2.{pair}"]
        held = {"id": "vm-a/port-a", "instance_id": "vm-a", "_dependencies": depends}
        return resource("openstack_compute_interface_attach_v2", name, held)

    estate = read(*GROUPS, RULE, port("a", "front"), port("b", "back"), machine("a"), machine("b"),
                  attach("x", "b"), attach("y", "a"))  # fmt: skip
    assert [code for _, _, code, _ in remarks(estate)] == ["contradiction"]
    assert drawn(estate, "network")[1] == [("a", "b", "ingress")]
    assert account(estate)["openstack_compute_interface_attach_v2"] == 2


def test_a_balancer_of_openstack_leads_over_its_parts_to_machines() -> None:
    kind = "openstack_lb_{}_v2"
    parts = [
        resource(kind.format("loadbalancer"), "lb", {"id": "lb", "security_group_ids": ["front"]}),
        resource(kind.format("listener"), "li", {"id": "li", "loadbalancer_id": "lb", "protocol_port": 443}),
        resource(kind.format("pool"), "po", {"id": "po", "listener_id": "li"}),
        resource(kind.format("member"), "me", {"id": "me", "pool_id": "po",
                                               "_depends_on": ["openstack_compute_instance_v2.b"]}),
    ]  # fmt: skip
    estate = read(*GROUPS, *parts, machine("b"))
    assert drawn(estate, "infra")[1] == [("lb", "b", "lb")]


def test_azure_machines_stand_in_the_networks_they_depend_on_and_networks_are_peered() -> None:
    base = "/subscriptions/s-1/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/"
    one, two = ({"id": f"{base}{name}", "name": name} for name in ("one", "two"))
    peering = {"id": f"{base}one/virtualNetworkPeerings/p", "remote_virtual_network_id": f"{base}TWO", "name": "p"}
    estate = read(
        resource("azurerm_virtual_network", "one", one),
        resource("azurerm_virtual_network", "two", two),
        resource("azurerm_virtual_network_peering", "p", peering),
        resource("azurerm_linux_virtual_machine", "vm", {"id": "/subscriptions/s-1/x/vm", "name": "vm",
                                                         "_dependencies": ["azurerm_virtual_network.one"]}),
    )  # fmt: skip
    nodes, lines, boxes = drawn(estate, "network")
    assert (nodes["vm"], lines, boxes["s-1"]) == ("one", [("one", "two", "peering")], "datacenter")


def test_tags_of_google_become_membership_of_groups() -> None:
    def vm(name: str, *tags: str) -> dict[str, Any]:
        card = {"network": "https://x/compute/v1/projects/p/global/networks/n", "network_ip": "10.1.0.2"}
        held = {"id": f"projects/p/zones/europe-west1-b/instances/{name}", "name": name, "tags": list(tags)}
        return resource("google_compute_instance", name, {**held, "network_interface": [card]})

    wall = {
        "id": "projects/p/global/firewalls/w", "name": "w", "network": "projects/p/global/networks/n",
        "target_tags": ["db"], "source_tags": ["web"], "allow": [{"protocol": "tcp", "ports": ["5432"]}],
    }  # fmt: skip
    network = {"id": "projects/p/global/networks/n", "name": "n"}
    estate = read(resource("google_compute_network", "n", network), vm("a", "web"), vm("b", "db"),
                  resource("google_compute_firewall", "w", wall))  # fmt: skip
    nodes, lines, _ = drawn(estate, "network")
    assert (nodes["a"], lines) == ("n", [("a", "b", "ingress")])


def show(**more: Any) -> str:
    """What ``show -json`` writes."""
    return json.dumps({"format_version": "1.2", "terraform_version": "1.9.0", **more})


def held(address: str, kind: str, **values: Any) -> dict[str, Any]:
    """A resource as ``show -json`` writes it."""
    return {"address": address, "mode": "managed", "type": kind, "name": "x", "values": values}


def test_show_of_a_state_and_of_a_plan() -> None:
    child = {"address": "module.m", "resources": [held("module.m.aws_instance.b", "aws_instance", id="i-2")]}
    root = {"resources": [held("aws_instance.a", "aws_instance", id="i-1")], "child_modules": [child]}
    estate = estate_of({"s.json": show(values={"root_module": root})})
    assert sorted(one["_id"] for one in estate.documents["servers"]) == ["aws_instance.a", "module.m.aws_instance.b"]
    changes = [{"address": "aws_instance.a", "change": {"actions": ["delete", "create"]}},
               {"address": "module.m.aws_instance.b", "change": {"actions": ["no-op"]}},
               {"address": "aws_instance.gone", "change": {"actions": ["delete"]}}]  # fmt: skip
    before = {"values": {"root_module": {"resources": [held("aws_instance.gone", "aws_instance", id="i-3")]}}}
    plan = show(planned_values={"root_module": root}, resource_changes=changes, prior_state=before)
    estate = estate_of({"p.json": plan})
    assert {one["_id"]: one.get("change") for one in estate.documents["servers"]} == {
        "aws_instance.a": "replaced", "module.m.aws_instance.b": None, "aws_instance.gone": "removed",
    }  # fmt: skip
    assert [one.reader for one in estate.readings] == ["terraform-plan"]


def test_two_states_with_the_same_address_are_two_things() -> None:
    files = {
        name: state(resource("aws_instance", "web", {"id": key})) for name, key in (("a.tfstate", "1"), ("b.json", "2"))
    }
    keys = [one["_id"] for one in estate_of(files).documents["servers"]]
    assert keys == ["a.tfstate:aws_instance.web", "b.json:aws_instance.web"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        *((json.dumps({"version": number, "terraform_version": "0.11.14", "modules": []}), "state pull")
          for number in (1, 2, 3)),
        ('{"version": 3, "terraform_version": "0.11.14", "resources": []}', "of version 3"),
        ('{"version": 5, "terraform_version": "3.0.0", "resources": []}', "newer than this reader"),
        (state(), "nothing was created yet"),
        (show(), "nothing was created yet"),
        ('{"version": 4, "terraform_version": "1.9.0"}', "without `resources`"),
        ('{"url": {"sensitive": false, "type": "string", "value": "x"}}', "terraform output"),
        ('{"format_version": "1.0", "provider_schemas": {}}', "schemas"),
        ('{"resource": {"aws_instance": {"a": {}}}, "provider": {}}', "configuration in JSON"),
        ('{"@level": "info", "@message": "x"}\n{"@level": "info", "@message": "y"}', "plan -json"),
        ('{"version": 3, "deployment": {"manifest": {}, "resources": []}}', "Pulumi"),
        ('{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}', "CloudFormation"),
        ("PK\x03\x04tfplan", "terraform show -json"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_says_how_to_go_on(text: str, words: str) -> None:
    with pytest.raises(InventoryError, match=words):
        estate_of({"x.json": text})


def marked(value: Any, where: str = "") -> Any:
    """The attributes of resources, with a canary beside every one and in every text that is no reference."""
    if isinstance(value, dict):
        return {key: marked(one, f"{where}.{key}") for key, one in value.items()} | {f"x_{CANARY}": f"{CANARY}{where}"}
    if isinstance(value, list):
        return [marked(one, where) for one in value]
    return value


def test_no_attribute_comes_along_that_nobody_named() -> None:
    resources = [
        {**each, "instances": [{**one, "attributes": marked(one["attributes"])} for one in each["instances"]]}
        for each in SHOP
    ]
    estate = estate_of(
        {"t.tfstate": state(*resources, outputs={"password": {"value": f"{CANARY}o", "type": "string"}})}
    )
    said = json.dumps(estate.documents, default=list) + repr(estate.remarks) + repr(estate.readings)
    assert CANARY not in said
    assert "hunter2" not in said


def paths_of(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every path in a value."""
    found = [path] if path else []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in pairs:
        found += paths_of(one, (*path, key))
    return found


WHOLE = json.loads(state(*SHOP, *GROUPS, RULE, port("a", "front"), machine("a", "openstack_networking_port_v2.a")))
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 10**25, 1.5e300, "", "x", [], [[]], ["x", None], {}, {"x": [1]}, [{}]]
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(paths_of(WHOLE)), ODD), min_size=1, max_size=6))
def test_spoilt_states_give_documents_or_a_sentence(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    value = copy.deepcopy(WHOLE)
    for path, odd in changes:
        at = value
        try:
            for step in path[:-1]:
                at = at[step]
            at[path[-1]] = copy.deepcopy(odd)
        except (KeyError, IndexError, TypeError):
            continue
    with contextlib.suppress(InventoryError):
        estate = estate_of({"x.json": json.dumps(value)})
        assert all(one["_id"] for held in estate.documents.values() for one in held)
