"""AWS: what answers and snapshots become, how they are told from others, and what is never read."""

import contextlib
import copy
import json
import os
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import InventoryError
from analytics.sources import Estate
from analytics.testing.sources import account, calls, estate_of, named, remarks
from tests.sources.test_graphs_of_sources import drawn
from tests.sources.test_terraform import resource, state

#: How many spoilt files are tried; the long run tries more.
EXAMPLES = int(os.environ.get("MAESTRO_TEST_EXAMPLES", "120"))

ACCOUNT = "123456789012"
CANARY = "c4n4ry"
Values = dict[str, Any]


def arn(service: str, name: str) -> str:
    """A name in this account."""
    return f"arn:aws:{service}:eu-west-1:{ACCOUNT}:{name}"


def instance(number: int, **more: Any) -> Values:
    """A machine with one interface."""
    ip = f"10.0.1.{number}"
    card = {"NetworkInterfaceId": f"eni-{number}", "Groups": [{"GroupId": "sg-web", "GroupName": "stale"}],
            "PrivateIpAddresses": [{"PrivateIpAddress": ip}], "SubnetId": "subnet-1", "VpcId": "vpc-1"}  # fmt: skip
    return {
        "InstanceId": f"i-{number}", "State": {"Name": "running"}, "InstanceType": "t3.small", "PrivateIpAddress": ip,
        "VpcId": "vpc-1", "SubnetId": "subnet-1", "Placement": {"AvailabilityZone": "eu-west-1a"},
        "SecurityGroups": [{"GroupId": "sg-web"}], "NetworkInterfaces": [card], "KeyName": "hunter2",
        "Tags": [{"Key": "Name", "Value": f"web-{number}"}, {"Key": "Token", "Value": "hunter2"}],
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": f"vol-{number}"}}], **more,
    }  # fmt: skip


def permission(port: int, *ranges: str, groups: tuple[str, ...] = ()) -> Values:
    """A rule of a group."""
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": one} for one in ranges],
            "Ipv6Ranges": [], "PrefixListIds": [],
            "UserIdGroupPairs": [{"GroupId": one, "UserId": ACCOUNT} for one in groups]}  # fmt: skip


def group(name: str, *rules: Values) -> Values:
    """A security group."""
    return {
        "GroupId": f"sg-{name}",
        "GroupName": name,
        "VpcId": "vpc-1",
        "OwnerId": ACCOUNT,
        "IpPermissions": list(rules),
        "IpPermissionsEgress": [permission(443, "0.0.0.0/0")],
    }


FRONT = arn("elasticloadbalancing", "loadbalancer/app/front/1")
TARGETS = arn("elasticloadbalancing", "targetgroup/web/1")
HANDLER, QUEUE = arn("lambda", "function:handler"), arn("sqs", "jobs")
ANSWERS: dict[str, Values] = {
    "ec2-describe-instances.json": {"Reservations": [
        {"ReservationId": "r-1", "OwnerId": ACCOUNT, "Instances": [instance(1), instance(2)]}]},
    "ec2-describe-vpcs.json": {"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "OwnerId": ACCOUNT,
                                         "Tags": [{"Key": "Name", "Value": "prod"}]}]},
    "ec2-describe-subnets.json": {"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24",
                                               "AvailabilityZone": "eu-west-1a"}]},
    "ec2-describe-security-groups.json": {"SecurityGroups": [
        group("front", permission(443, "0.0.0.0/0")), group("web", permission(8080, groups=("sg-front",))),
        group("db", permission(5432, "10.9.9.9/24", groups=("sg-web",)))]},
    "elbv2-describe-load-balancers.json": {"LoadBalancers": [
        {"LoadBalancerArn": FRONT, "LoadBalancerName": "front", "Scheme": "internet-facing", "Type": "application",
         "VpcId": "vpc-1", "SecurityGroups": ["sg-front"], "DNSName": "front.elb.example",
         "AvailabilityZones": [{"SubnetId": "subnet-1"}]}]},
    "elbv2-describe-listeners.json": {"Listeners": [
        {"ListenerArn": f"{FRONT}/l", "LoadBalancerArn": FRONT, "Port": 443, "Protocol": "HTTPS",
         "DefaultActions": [{"Type": "forward", "TargetGroupArn": TARGETS}]}]},
    "elbv2-describe-target-groups.json": {"TargetGroups": [{"TargetGroupArn": TARGETS, "TargetGroupName": "web",
                                                            "LoadBalancerArns": [FRONT]}]},
    "rds-describe-db-instances.json": {"DBInstances": [
        {"DBInstanceIdentifier": "orders", "DBInstanceArn": arn("rds", "db:orders"), "Engine": "postgres",
         "MasterUsername": "hunter2", "PubliclyAccessible": False, "AvailabilityZone": "eu-west-1a",
         "Endpoint": {"Address": "orders.rds.example", "Port": 5432},
         "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-db"}],
         "DBSubnetGroup": {"VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-1"}]}}]},
    "lambda-list-functions.json": {"Functions": [
        {"FunctionArn": HANDLER, "FunctionName": "handler", "Runtime": "python3.13",
         "Environment": {"Variables": {"DB": "postgres://u:hunter2@orders.rds.example/x"}}}]},
    "lambda-list-event-source-mappings.json": {"EventSourceMappings": [
        {"UUID": "u", "EventSourceArn": QUEUE, "FunctionArn": HANDLER}]},
    "sqs-list-queues.json": {"QueueUrls": [f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/jobs"]},
    "ec2-describe-route-tables.json": {"RouteTables": [
        {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"Main": True}],
         "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"},
                    {"DestinationCidrBlock": "10.7.0.0/16", "GatewayId": "vgw-9", "State": "blackhole"}]}]},
    "ec2-describe-internet-gateways.json": {"InternetGateways": [
        {"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": "vpc-1"}]}]},
    "ec2-describe-vpc-peering-connections.json": {"VpcPeeringConnections": [
        {"VpcPeeringConnectionId": "pcx-9", "Status": {"Code": "deleted"}}]},
    "ec2-describe-vpc-endpoints.json": {"VpcEndpoints": [
        {"VpcEndpointId": "vpce-1", "ServiceName": "com.amazonaws.eu-west-1.s3", "VpcId": "vpc-1",
         "PolicyDocument": "hunter2"}]},
    "ec2-describe-availability-zones.json": {"AvailabilityZones": [{"ZoneName": "eu-west-1a"}]},
    "ec2-describe-addresses.json": {"Addresses": [{"PublicIp": "198.51.100.7", "AllocationId": "eipalloc-1",
                                                   "InstanceId": "i-1"}]},
}  # fmt: skip
HEALTH = {
    "TargetHealthDescriptions": [{"Target": {"Id": "i-2", "Port": 8080}}, {"Target": {"Id": "i-9", "Port": 8080}}]
}
MAPPER = f"account-data/shop/eu-west-1/elbv2-describe-target-health/{TARGETS.replace(':', '%3A').replace('/', '%2F')}"


def read(answers: Mapping[str, Values] = ANSWERS, **more: Values) -> Estate:
    """What answers become, in CloudMapper's folders."""
    files = {f"account-data/shop/eu-west-1/{name}": json.dumps(value) for name, value in answers.items()}
    return estate_of(files | {MAPPER: json.dumps(HEALTH)} | {name: json.dumps(value) for name, value in more.items()})


def test_answers_become_documents_in_their_account_and_region() -> None:
    estate = read()
    web = named(estate, "servers")["web-1"]
    assert web["_id"] == "i-1"
    assert web["datacenters"] == {
        "_id": f"aws/{ACCOUNT}", "name": ACCOUNT, "provider": "AWS", "region": "eu-west-1", "zone": "eu-west-1a",
        "vpc_id": "vpc-1", "subnet_id": "subnet-1", "instance_id": "i-1", "instance": "t3.small",
        "security_groups": ["sg-web"],
    }  # fmt: skip
    assert web["ipv4_public"] == ["198.51.100.7"]
    assert {name: one["family"] for name, one in named(estate).items()} == {
        "front": "Loadbalance", "orders": "Database", "handler": "Serverless", "jobs": "Broker",
    }  # fmt: skip
    assert calls(estate) == [("jobs", "handler", "messages")]
    assert named(estate)["front"]["targets"] == [{"_id": "i-2"}, {"_id": "i-9"}]
    assert [one["_id"] for one in named(estate, "systems")[ACCOUNT]["entry"]] == [FRONT]
    assert estate.type == "network"


def test_everything_in_the_files_is_accounted_for() -> None:
    estate = read()
    assert account(estate) == {
        "volume": 2, "Listeners": 1, "TargetGroups": 1, "TargetHealthDescriptions": 2, "EventSourceMappings": 1,
        "VpcPeeringConnections": 1, "AvailabilityZones": 1, "Addresses": 1,
    }  # fmt: skip
    documents = sum(len(held) for name, held in estate.documents.items() if name not in ("datacenters", "systems"))
    assert documents == 2 + 2 + 1 + 1 + 3 + 4 + 1 + 1 + 1, "machines with their interfaces, networks, services"


def test_the_network_graph_of_answers() -> None:
    nodes, lines, boxes = drawn(read(), "network")
    assert (nodes["web-1"], nodes["orders"], boxes["prod"]) == ("subnet-1", "subnet-1", "network")
    assert {line for line in lines if line[2] == "ingress"} == {
        ("Internet", "front", "ingress"), ("front", "web-1", "ingress"), ("front", "web-2", "ingress"),
        ("web-1", "orders", "ingress"), ("web-2", "orders", "ingress"), ("10.9.9.9/24", "orders", "ingress"),
    }  # fmt: skip
    assert ("front", "web-2", "lb") in lines
    assert ("front", "i-9", "lb") in lines, "a target that no file holds is a ghost"
    assert ("s3", "s3", "endpoint") in lines


def test_findings() -> None:
    assert [code for _, _, code, _ in remarks(read())] == ["host-bits"]
    paged = {**ANSWERS["ec2-describe-vpcs.json"], "NextToken": "abc"}
    found = remarks(read({**ANSWERS, "ec2-describe-vpcs.json": paged}))
    assert [code for _, _, code, _ in found] == ["host-bits", "incomplete"]
    far = {
        "DBInstances": [
            {**ANSWERS["rds-describe-db-instances.json"]["DBInstances"][0], "AvailabilityZone": "us-east-2a"}
        ]
    }
    found = remarks(read({**ANSWERS, "rds-describe-db-instances.json": far}))
    assert [words for _, _, code, words in found if code == "zone"] == [
        "orders: its zone us-east-2a is not in the region of its subnets (eu-west-1)"
    ]


def test_an_interface_of_nothing_that_is_known_is_a_finding_and_no_thing() -> None:
    card = {
        "NetworkInterfaceId": "eni-77", "OwnerId": "999999999999", "VpcId": "vpc-1", "PrivateIpAddress": "172.31.0.9",
        "Description": "arn:aws:ecs:eu-west-1:999999999999:attachment/x", "Groups": [{"GroupId": "sg-front"}],
        "Association": {"PublicIp": "198.51.100.99"}, "InterfaceType": "interface",
    }  # fmt: skip
    lent = {"NetworkInterfaceId": "eni-78", "Description": "ELB app/front/1", "OwnerId": ACCOUNT,
            "Association": {"PublicIp": "198.51.100.98"}}  # fmt: skip
    estate = read({**ANSWERS, "ec2-describe-network-interfaces.json": {"NetworkInterfaces": [card, lent]}})
    assert [words for _, _, code, words in remarks(estate) if code == "stray-interface"] == [
        "eni-77: a task's interface, with the public address 198.51.100.99, open to the world on tcp 443, "
        "of another account (999999999999), outside of the range of vpc-1"
    ]
    assert len(drawn(estate, "network")[0]) == len(drawn(read(), "network")[0])


def test_a_public_balancer_that_listens_where_nobody_gets_in_is_a_finding() -> None:
    deaf = {"Listeners": [{**ANSWERS["elbv2-describe-listeners.json"]["Listeners"][0], "Port": 8000}]}
    estate = read({**ANSWERS, "elbv2-describe-listeners.json": deaf})
    assert [words for _, _, code, words in remarks(estate) if code == "deaf-balancer"] == [
        "front listens on 8000, and its groups let the world in on tcp 443 only"
    ]
    assert ("Internet", "front", "ingress") in drawn(estate, "network")[1]


def test_containers_are_services_with_what_runs_of_them() -> None:
    cluster, service = arn("ecs", "cluster/main"), arn("ecs", "service/main/web")
    task = arn("ecs", "task-definition/web:3")
    held = {
        "serviceArn": service,
        "serviceName": "web",
        "clusterArn": cluster,
        "desiredCount": 3,
        "taskDefinition": task,
        "loadBalancers": [{"targetGroupArn": TARGETS, "containerPort": 8080}],
    }
    definition = {"taskDefinitionArn": task, "containerDefinitions": [
        {"image": "acme/web:1.4", "environment": [{"name": "TOKEN", "value": "hunter2"}]}]}  # fmt: skip
    answers = {**ANSWERS, "ecs-list-clusters.json": {"clusterArns": [cluster]},
               "ecs-describe-services.json": {"services": [held]},
               "ecs-describe-task-definition.json": {"taskDefinition": definition}}  # fmt: skip
    estate = read(answers)
    web = named(estate)["web"]
    assert (web["replicas"], web["image"], web["version"], web["cluster"]) == (3, "acme/web:1.4", "1.4", "main")
    assert named(estate)["main"]["family"] == "ContainerOrchestration"
    assert ("front", "web", "tcp 8080") in calls(estate)
    assert "hunter2" not in json.dumps(estate.documents, default=list)


def camel(value: Any) -> Any:
    """A describe answer as Config keeps it."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: camel(one) for key, one in value.items()}
    return [camel(one) for one in value] if isinstance(value, list) else value


def config(kind: str, values: Values, **more: Any) -> Values:
    """An item of a snapshot."""
    return {
        "resourceType": f"AWS::{kind}",
        "awsAccountId": ACCOUNT,
        "awsRegion": "eu-west-1",
        "configuration": camel(values),
        "configurationItemStatus": "OK",
        "configurationItemCaptureTime": "2026-03-02T10:00:00Z",
        **more,
    }


def test_a_snapshot_of_config_says_the_same_as_answers() -> None:
    twice = {"ipRanges": ["10.0.0.0/8"], "ipv4Ranges": [{"cidrIp": "10.0.0.0/8"}]}
    rules = {**group("web"), "IpPermissions": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, **twice}]}
    large = {**instance(1), "InstanceType": "t3.large"}
    items = [
        config("EC2::Instance", instance(1), tags={"Name": "web-1"}),
        config("EC2::Instance", large, configurationItemCaptureTime="2026-04-01T00:00:00Z"),
        config("EC2::SecurityGroup", rules),
        config("EC2::Instance", instance(3), configurationItemStatus="ResourceDeleted"),
        config("IAM::Role", {"RoleName": "x"}),
        config("RDS::DBInstance", {"DBInstanceIdentifier": "orders", "DBInstanceArn": arn("rds", "db:orders")}),
    ]  # fmt: skip
    estate = estate_of({"snapshot.json": json.dumps({"fileVersion": "1.0", "configurationItems": items})})
    web = named(estate, "servers")["web-1"]
    assert (web["datacenters"]["instance"], web["as_of"]) == ("t3.large", "2026-04-01T00:00:00Z")
    assert named(estate, "networks")["web"]["ip_permissions"][0]["IpRanges"] == [{"CidrIp": "10.0.0.0/8"}]
    assert account(estate) == {"Instances": 1, "EC2::Instance": 1, "IAM::Role": 1, "volume": 1}
    rows = {"Results": [json.dumps({**one, "configuration": json.dumps(one["configuration"])}) for one in items]}
    again = estate_of({"results.json": json.dumps(rows)})
    assert [one["_id"] for one in again.documents["servers"]] == ["i-1"]


def test_terraform_and_answers_are_one_estate() -> None:
    held = {"id": "i-1", "instance_type": "t3.small", "vpc_security_group_ids": ["sg-web"], "subnet_id": "subnet-1"}
    front = {"id": FRONT, "arn": FRONT, "name": "front"}
    tf = state(resource("aws_instance", "web", held, module="module.shop"), resource("aws_lb", "front", front),
               resource("aws_security_group", "web", {"id": "sg-web", "ingress": []}))  # fmt: skip
    files = {f"aws/{name}": json.dumps(value) for name, value in ANSWERS.items()}
    estate = estate_of({**files, "terraform.tfstate": tf})
    web = named(estate, "servers")["web-1"]
    assert [one["format"] for one in web["source"]] == ["aws", "terraform"]
    assert (web["_id"], web["namespace"]) == ("i-1", "shop")
    assert "module.shop.aws_instance.web" in web["aliases"]
    assert len(estate.documents["servers"]) == 2
    groups = [one for one in estate.documents["networks"] if one.get("unique_id") == "sg-web"]
    assert len(groups) == 1
    assert groups[0]["ip_permissions"][0]["FromPort"] == 8080, "rules are taken whole from the live answer"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"Records": [{"eventSource": "ec2.amazonaws.com"}]}, "CloudTrail"),
        ({"ResourceTagMappingList": []}, "only ids"),
        ([{"InstanceId": "i-1"}], "leave out --query"),
    ],
)
def test_what_cannot_be_drawn_says_how_to_go_on(value: Any, words: str) -> None:
    with pytest.raises(InventoryError, match=words):
        estate_of({"x.json": json.dumps(value)})


@pytest.mark.parametrize(
    "value",
    [
        {"services": {"web": {"image": "nginx"}}},
        {"Items": [{"Id": 1}]},
        {"Clusters": [{"name": "a"}]},
        {"Volumes": ["data"]},
    ],
)
def test_what_only_looks_like_it_is_not_taken(value: Any) -> None:
    with contextlib.suppress(InventoryError):
        assert "aws" not in [one.reader for one in estate_of({"x.json": json.dumps(value)}).readings]


def marked(value: Any) -> Any:
    """An answer with a canary in every object, under a name that no rule knows."""
    if isinstance(value, dict):
        return {key: marked(one) for key, one in value.items()} | {f"X{CANARY}": CANARY}
    return [marked(one) for one in value] if isinstance(value, list) else value


def test_nothing_comes_along_that_nobody_named() -> None:
    estate = read({name: marked(value) for name, value in ANSWERS.items()})
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


WHOLE = {key: one for value in ANSWERS.values() for key, one in value.items()} | HEALTH
CONFIGURED = {"configurationItems": [config("EC2::Instance", instance(1)), config("EC2::SecurityGroup", group("web"))]}
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 10**25, 1.5e300, "", "x", [], [[]], ["x", None], {}, {"x": [1]}, [{}]]
)


@pytest.mark.parametrize("whole", [WHOLE, CONFIGURED], ids=["answers", "config"])
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_spoilt_answers_give_documents_or_a_sentence(whole: Values, data: st.DataObject) -> None:
    value = copy.deepcopy(whole)
    for path, odd in data.draw(
        st.lists(st.tuples(st.sampled_from(paths_of(whole)), ODD), min_size=1, max_size=6), label="changes"
    ):
        at: Any = value
        with contextlib.suppress(KeyError, IndexError, TypeError):
            for step in path[:-1]:
                at = at[step]
            at[path[-1]] = copy.deepcopy(odd)
    with contextlib.suppress(InventoryError):
        estate = estate_of({"x.json": json.dumps(value)})
        assert all(one["_id"] for held in estate.documents.values() for one in held)
