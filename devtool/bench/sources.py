"""Seconds and memory of reading 10,000 things in each format, beside the time that parsing their files alone takes.

The files are made up before the clock starts, as long as the tools write them, with labels,
rules and interfaces. Times are the best of ``--turns``; memory is the most that Python held
while reading, beyond the parsed files. The goals: three times the parser's time (``--times``),
300 MB beyond the parser's memory. Exits with 1 where a format misses one.
"""

from __future__ import annotations

import argparse
import gc
import json
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from analytics.sources.gathering import gather
from analytics.sources.parsing import parse_parts
from analytics.sources.parts import Part
from analytics.sources.reader import Draft, Reader
from analytics.testing.sources import readers
from analytics.uncollected import uncollected
from devtool.bench._rows import Row, for_programs, tell

TIMES, MEGABYTES = 3.0, 300.0
FILLER = {f"attribute_{number}": f"a value of no meaning {number}" for number in range(24)}
Files = dict[str, Any]


def main(argv: Sequence[str]) -> int:
    """Measure every format, or those named; returns 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="python3 -m devtool bench sources", description=__doc__)
    parser.add_argument("formats", nargs="*", choices=[[], *FORMATS], help="the formats to measure (all)")
    parser.add_argument("--things", type=int, default=10_000, help="how many things (10000)")
    parser.add_argument("--turns", type=int, default=3, help="how often each is read (3)")
    parser.add_argument("--times", type=float, default=TIMES, help="the goal, in times of the parser's time (3)")
    for_programs(parser)
    options = parser.parse_args(argv)
    return tell(rows(options.formats or list(FORMATS), options.things, options.turns, options.times), options.json)


def rows(formats: Sequence[str], things: int, turns: int, times: float) -> Iterator[Row]:
    """Time beside the parser's, and memory, of each format."""
    known = readers()
    for name in formats:
        with tempfile.TemporaryDirectory() as folder:
            size = write(Path(folder), FORMATS[name](things))
            parsing, whole, most, documents = measured(known[name], Path(folder), turns)
        what = f"{name}, {size / 1e6:.0f} MB, {documents:,} documents"
        yield Row(f"{what}: reading", whole, "s", goal=times * parsing, floor=parsing)
        yield Row(f"{what}: memory beyond the parsed files", most, "MB", goal=MEGABYTES)


def write(folder: Path, files: Files) -> int:
    """Write files as JSON; returns their bytes."""
    total = 0
    for name, value in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        total += path.write_text(json.dumps(value, indent=2 if name.endswith(".tfstate") else 4))
    return total


def parsed(folder: Path) -> list[Part]:
    """Every file, parsed."""
    return [part for one in gather([folder]) for part in parse_parts(one.path, one.shown, one.folders)]


def measured(reader: Reader, folder: Path, turns: int) -> tuple[float, float, float, int]:
    """Seconds of parsing, seconds of all, megabytes beyond the parsed files, and how many documents there are."""
    parsing = whole = float("inf")
    for _ in range(turns):
        gc.collect()
        began = time.perf_counter()
        parts = parsed(folder)
        parsing = min(parsing, time.perf_counter() - began)
        draft = read(reader, parts)
        whole = min(whole, time.perf_counter() - began)
        documents = sum(map(len, draft.documents.values()))
        del draft
    tracemalloc.start()
    read(reader, parts)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return parsing, whole, most / 1e6, documents


def read(reader: Reader, parts: Sequence[Part]) -> Draft:
    """What a reader makes of the parts that it takes for its own."""
    draft = Draft(reader.name)
    with uncollected():
        reader.read([part for part in parts if reader.recognise(part) is True], draft)
        draft.finished()
    return draft


def blocks(count: int) -> Iterator[tuple[int, str]]:
    """Numbers, and the subnet each is in."""
    return ((number, f"subnet-{number // 100}") for number in range(count))


def terraform(count: int) -> Files:
    """A state: machines, their groups with rules, disks, and a balancer for each hundred."""
    resources = []
    for number, subnet in blocks(count // 4):
        group = f"sg-{number}"
        rule = {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/8"], "self": False}
        machine = {"id": f"i-{number}", "arn": f"arn:aws:ec2:eu-west-1:123456789012:instance/i-{number}",
                   "instance_type": "t3.small", "subnet_id": subnet, "private_ip": f"10.0.{number % 250}.9",
                   "vpc_security_group_ids": [group], "tags": {"Name": f"web-{number}"}, **FILLER}  # fmt: skip
        held = (
            ("aws_instance", machine),
            ("aws_security_group", {"id": group, "name": group, "vpc_id": "vpc-1", "ingress": [rule], **FILLER}),
            ("aws_security_group_rule", {"id": f"r-{number}", "security_group_id": group, "type": "ingress", **rule}),
            ("aws_ebs_volume", {"id": f"vol-{number}", "size": 80, "availability_zone": "eu-west-1a", **FILLER}),
        )
        depends = [f"module.m{number % 50}.aws_security_group.r{number}"]
        for kind, attributes in held:
            resources.append(
                {"module": f"module.m{number % 50}", "mode": "managed", "type": kind, "name": f"r{number}",
                 "provider": 'provider["registry/hashicorp/aws"]',
                 "instances": [{"schema_version": 1, "attributes": attributes, "dependencies": depends}]}
            )  # fmt: skip
    return {"terraform.tfstate": {"version": 4, "terraform_version": "1.9.0", "serial": 1, "resources": resources}}


def aws(count: int) -> Files:
    """Answers about machines with an interface each, groups, subnets, and databases."""
    machines, groups, cards = [], [], []
    for number, subnet in blocks(count // 3):
        ip, group = f"10.{number // 250}.1.{number % 250}", {"GroupId": f"sg-{number}", "GroupName": "web"}
        card = {"NetworkInterfaceId": f"eni-{number}", "SubnetId": subnet, "VpcId": "vpc-1", "Groups": [group],
                "OwnerId": "123456789012", "PrivateIpAddresses": [{"PrivateIpAddress": ip, "Primary": True}],
                "Attachment": {"InstanceId": f"i-{number}"}, "Status": "in-use", **FILLER}  # fmt: skip
        machines.append(
            {"InstanceId": f"i-{number}", "State": {"Code": 16, "Name": "running"}, "InstanceType": "t3.small",
             "PrivateIpAddress": ip, "SubnetId": subnet, "VpcId": "vpc-1", "SecurityGroups": [group],
             "NetworkInterfaces": [card], "Placement": {"AvailabilityZone": "eu-west-1a"},
             "Tags": [{"Key": "Name", "Value": f"web-{number}"}], **FILLER}
        )  # fmt: skip
        cards.append(card)
        rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}],
                "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}  # fmt: skip
        groups.append(
            {"GroupId": f"sg-{number}", "GroupName": f"web-{number}", "VpcId": "vpc-1", "OwnerId": "123456789012",
             "IpPermissions": [rule] * 3, "IpPermissionsEgress": [rule], "Description": "a group"}
        )  # fmt: skip
    return {
        "eu-west-1/ec2-describe-instances.json": {"Reservations": [{"ReservationId": "r", "Instances": machines}]},
        "eu-west-1/ec2-describe-network-interfaces.json": {"NetworkInterfaces": cards},
        "eu-west-1/ec2-describe-security-groups.json": {"SecurityGroups": groups},
    }


def kubernetes(count: int) -> Files:
    """What ``kubectl get -o json`` answers: Deployments that call each other, and seven objects around each.

    Those are what it owns (a ReplicaSet, two Pods), its Service, policy, scaler and claim.
    """
    items: list[Any] = []
    for number in range(count // 8):
        name, space, labels = f"app-{number}", f"space-{number % 40}", {"app": f"app-{number}", "team": "shop"}
        stamped = {**labels, "pod-template-hash": "5d4f"}
        main = {"name": "main", "image": "acme/app:1.0", "ports": [{"containerPort": 8080}],
                "env": [{"name": "NEXT_ADDR", "value": f"app-{number + 40}:8080"}]}  # fmt: skip
        pod = {"containers": [main], "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": name}}]}
        template = {"metadata": {"labels": stamped}, "spec": pod}
        running = {**pod, "nodeName": f"node-{number % 9}"}
        peers = [{"podSelector": {"matchLabels": {"app": f"app-{number - 40}"}}}]
        held: list[tuple[str, str, str, str, dict[str, Any]]] = [
            ("apps/v1", "Deployment", "", "",
             {"replicas": 2, "selector": {"matchLabels": labels}, "template": template}),
            ("apps/v1", "ReplicaSet", "-5d4f", "Deployment", {"replicas": 2, "template": template}),
            ("v1", "Pod", "-5d4f-a", "ReplicaSet", running),
            ("v1", "Pod", "-5d4f-b", "ReplicaSet", running),
            ("v1", "Service", "", "", {"selector": labels, "ports": [{"port": 8080, "targetPort": 8080}]}),
            ("networking.k8s.io/v1", "NetworkPolicy", "", "",
             {"podSelector": {"matchLabels": labels}, "policyTypes": ["Ingress"], "ingress": [{"from": peers}]}),
            ("autoscaling/v2", "HorizontalPodAutoscaler", "", "",
             {"scaleTargetRef": {"kind": "Deployment", "name": name}, "minReplicas": 1, "maxReplicas": 3}),
            ("v1", "PersistentVolumeClaim", "", "", {"resources": {"requests": {"storage": "1Gi"}}}),
        ]  # fmt: skip
        status = {"conditions": [{"type": "Available", "status": "True", "message": "it has what it needs", **FILLER}]}
        for version, kind, more, owner, spec in held:
            owners = [{"kind": owner, "name": name}] if owner else []
            meta = {"name": f"{name}{more}", "namespace": space, "labels": stamped if owner else labels,
                    "annotations": FILLER, "ownerReferences": owners}  # fmt: skip
            items.append({"apiVersion": version, "kind": kind, "metadata": meta, "spec": spec, "status": status})
    return {"all.json": {"apiVersion": "v1", "kind": "List", "items": items}}


FORMATS: dict[str, Callable[[int], Files]] = {"kubernetes": kubernetes, "terraform": terraform, "aws": aws}
