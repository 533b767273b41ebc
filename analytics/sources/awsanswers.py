"""The things in answers of AWS and in snapshots of AWS Config: what each is, its id, its account and region."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from ..catalog.answers import CONFIG, CONFIG_LISTS, COUNTED, IDS, LOWER
from .attributes import word
from .clouds import UNNAMED, Arn, labels, region_of
from .parts import Part, listed, mapping, mappings
from .reader import Draft

REGION = re.compile(r"(us|eu|ap|sa|ca|me|af|il|mx|cn)(-[a-z]+)+-\d+").fullmatch
ACCOUNT = re.compile(r"\d{12}").fullmatch
#: Words of pages that were not all fetched.
MORE = ("NextToken", "nextToken", "Marker", "NextMarker")
Path = tuple[str | int, ...]
#: Things that stand in no region.
GLOBAL = frozenset({"DistributionList", "HostedZones", "Buckets", "ResourceRecordSets"})
ARNS = ("Arn", "ARN", "LoadBalancerArn", "DBInstanceArn", "DBClusterArn", "FunctionArn", "ClusterArn", "ServiceArn",
        "TopicArn", "TableArn", "AutoScalingGroupARN", "TargetGroupArn", "SubnetArn", "CacheClusterArn", "NodegroupArn",
        "ClusterNamespaceArn", "TaskArn", "Name")  # fmt: skip


@dataclass(eq=False, slots=True)
class Item:
    """One thing of an answer: what it is (the answer's key), where it stands, and where it runs."""

    key: str
    values: Mapping[str, Any]
    part: Part
    path: Path
    id: str = ""
    region: str = ""
    account: str = ""
    about: str = ""
    as_of: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    document: dict[str, Any] | None = None


def key_of(name: str) -> str:
    """The key that an answer's word means, whichever case its first letter has."""
    return LOWER.get(name) or (name[:1].upper() + name[1:] if name[:1].islower() else name)


def is_results(value: Mapping[str, Any]) -> bool:
    """Whether this is what Config's queries answer: texts of JSON with a resourceType."""
    held = listed(value, "Results")
    return bool(held) and all(isinstance(one, str) and '"resourceType"' in one for one in held[:3])


def is_answer(key: str, held: object) -> bool:
    """Whether what stands under a key are items of that key; an empty list is one of those that only AWS has."""
    if key in ("Cluster", "TaskDefinition", "Nodegroup", "Table", "DistributionList"):
        held = held if isinstance(held, dict) else {}
        if key == "DistributionList":
            return any("DomainName" in one for one in mappings(held.get("Items")))
        recase = {key_of(name) for name in held}
        return bool(recase & set(IDS[key])) and any(Arn.read(one).service for one in held.values())
    if not isinstance(held, list) or (key not in IDS and key not in COUNTED and key != "EcsClusters"):
        return False
    if not held:
        return key not in ("Items", "Tags", "Images", "Tasks", "Services", "Entries", "Clusters", "EcsClusters",
                           "Functions", "Certificates", "Addresses", "Listeners", "Topics")  # fmt: skip
    first = held[0]
    if isinstance(first, str):
        if key.endswith("Arns"):
            return bool(Arn.read(first).service)
        return (key == "QueueUrls" and "sqs" in first) or key in ("TableNames", "Nodegroups") or key == "EcsClusters"
    if not isinstance(first, dict):
        return False
    if key in COUNTED:
        return COUNTED[key] in first
    words = {key_of(name) for name in first}
    if key == "EcsClusters":
        return "ClusterArn" in words
    if key == "Items":
        return bool(words & {"ApiId", "ApiEndpoint"}) or {"Id", "CreatedDate"} <= words
    return bool(words & set(IDS[key]))


def recased(value: Any) -> Any:
    """A value whose keys begin with capitals, as describe answers have them."""
    if isinstance(value, dict):
        return {str(key)[:1].upper() + str(key)[1:]: recased(one) for key, one in value.items()}
    return [recased(one) for one in value] if isinstance(value, list) else value


def unpacked(part: Part, draft: Draft) -> Iterator[Item]:
    """The items of a file."""
    value = part.object
    region, account = place_of_folders(part)
    if is_results(value) or any(name in value for name in CONFIG_LISTS):
        yield from of_config(part, draft)
        return
    command = (
        part.folders[-1] if len(part.folders) > 1 and "-" in part.folders[-1] and not REGION(part.folders[-1]) else ""
    )
    about = unquote(part.name.removesuffix(".json")) if command else ""
    for name, held in value.items():
        key = key_of(name)
        if (name in MORE and held and isinstance(held, str)) or (
            name in ("IsTruncated", "isTruncated") and held is True
        ):
            words = "the answer was cut into pages, and not all are here: leave out --max-items and --no-paginate"
            draft.remark(part, (name,), "warning", "incomplete", words)
        if not is_answer(key, held):
            continue
        if key in COUNTED:
            draft.skip(key, "not an inventory thing", len(held))
            continue
        if isinstance(held, dict):
            listing = listed(held, "Items") if key == "DistributionList" else [held]
            paths: list[Path] = [
                (name, "Items", at) if key == "DistributionList" else (name,) for at in range(len(listing))
            ]
        else:
            listing, paths = held, [(name, at) for at in range(len(held))]
        for path, each in zip(paths, listing, strict=True):
            if isinstance(each, str):
                each = {"Name": each}
            if not isinstance(each, dict):
                draft.remark(part, path, "error", "type", f"{name}: an object expected")
                draft.skip(key, "not readable")
                continue
            if key == "Reservations":
                for number, one in enumerate(mappings(each.get("Instances"))):
                    owner = word(each, "OwnerId") or account
                    yield Item("Instances", one, part, (*path, "Instances", number), "", region, owner)
                continue
            each = recased(each) if name[:1].islower() else each
            yield Item(key, each, part, path, "", region, account, about)


def of_config(part: Part, draft: Draft) -> Iterator[Item]:
    """The items of a snapshot or an answer of Config; what is deleted is no thing."""
    value = part.object
    name = next((one for one in (*CONFIG_LISTS, "Results") if one in value), "")
    for number, each in enumerate(listed(value, name)):
        path: Path = (name, number)
        each = as_object(each)
        kind = word(each, "resourceType").removeprefix("AWS::")
        if not kind:
            draft.remark(part, path, "error", "type", "an item of Config without resourceType")
            draft.skip("configuration item", "not readable")
            continue
        if word(each, "configurationItemStatus") in ("ResourceDeleted", "ResourceDeletedNotRecorded"):
            draft.skip(kind, "it is deleted")
            continue
        key = CONFIG.get(kind)
        if key is None:
            draft.skip(kind, "no place in the model")
            continue
        held = as_object(each.get("configuration"))
        if not held and key not in ("Buckets", "QueueUrls", "Topics"):
            draft.remark(part, (*path, "configuration"), "warning", "type", f"{kind}: its configuration cannot be read")
            draft.skip(kind, "not readable")
            continue
        values = {**recased(held)}
        arn = word(each, "ARN", "arn")
        values.setdefault("Arn", arn)
        if key in ("Buckets", "QueueUrls", "Topics", "Table"):
            values = {
                "Name": word(each, "resourceName") or arn.rpartition(":")[2],
                "TopicArn": arn,
                "TableArn": arn,
            } | values
        account = word(each, "awsAccountId", "accountId") or Arn.read(arn).account
        zone = word(each, "availabilityZone")
        if region_of(zone) and "AvailabilityZone" not in values:
            values["AvailabilityZone"] = zone
        item = Item(key, values, part, path, "", word(each, "awsRegion"), account)
        item.as_of = word(each, "configurationItemCaptureTime")
        item.labels = labels(each.get("tags"))
        yield item


def as_object(value: object) -> Mapping[str, Any]:
    """An object, or the object that a text of JSON holds; else nothing."""
    if isinstance(value, str) and value.lstrip()[:1] == "{":
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}


def place_of_folders(part: Part) -> tuple[str, str]:
    """Region and account that the folders of a file are called after."""
    words = [*part.folders, *part.file.split("/")[:-1]]
    region = next((one for one in reversed(words) if REGION(one)), "")
    return region, next((one for one in reversed(words) if ACCOUNT(one)), "")


def settle_places(items: Sequence[Item]) -> None:
    """Account and region of every item: its own, else its folder's, else those that most things beside it state."""
    accounts: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    regions: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for one in items:
        values = one.values
        owner, region = word(values, "OwnerId"), one.region
        if not (owner and region):
            arn = arn_of(one)
            zone = word(values, "AvailabilityZone") or word(mapping(values, "Placement"), "AvailabilityZone")
            owner, region = owner or arn.account, region or arn.region or region_of(zone)
        one.account, one.region = owner or one.account, region
        folder = one.part.folders
        accounts[folder][one.account] += bool(one.account)
        regions[folder][one.region] += bool(one.region)
    for one in items:
        for name, counts in (("account", accounts), ("region", regions)):
            most = sorted((-count, word) for word, count in counts[one.part.folders].items() if word)
            if not getattr(one, name) and most and not (name == "region" and one.key in GLOBAL):
                setattr(one, name, most[0][1])


def arn_of(one: Item) -> Arn:
    """The ARN of a thing, wherever its service writes it."""
    for name in ARNS:
        value = one.values.get(name)
        if value and (found := Arn.read(value)).service:
            return found
    return UNNAMED


def identity_of(one: Item) -> str:
    """What a thing is called by: its ARN or id, with account and region where that is only a name."""
    values = one.values
    match one.key:
        case "LoadBalancerDescriptions" | "CacheClusters" | "ReplicationGroups" | "Clusters" | "AutoScalingGroups":
            name = word(values, *IDS[one.key])
            return f"{one.account}/{one.region}/{one.key}/{name}" if name else ""
        case "Entries":
            return f"{one.about}/{word(values, 'Cidr')}"
        case "TargetHealthDescriptions":
            target = mapping(values, "Target")
            return f"{one.about}/{word(target, 'Id')}:{word(target, 'Port')}"
        case "ResourceRecordSets":
            return f"{one.about}/{word(values, 'Name')}/{word(values, 'Type')}"
        case "TableNames" | "Table":
            name = word(values, "TableName") or word(values, "Name").rpartition("/")[2]
            return f"{one.account}/{one.region}/Table/{name}" if name else ""
        case "QueueUrls" | "Buckets":
            return (
                word(values, "Name").rpartition("/")[2]
                and f"{one.account}/{one.region}/{word(values, 'Name').rpartition('/')[2]}"
            )
        case "DBInstances" | "DBClusters":
            name = word(values, *reversed(IDS[one.key]))
            return name if name.startswith("arn:") or not name else f"{one.account}/{one.region}/{one.key}/{name}"
        case "Functions":
            return word(values, "FunctionArn", "Arn", "FunctionName")
        case "DistributionList":
            return word(values, "ARN", "Arn", "Id")
        case "NetworkInterfaces" | "Addresses":
            return word(values, "NetworkInterfaceId" if one.key == "NetworkInterfaces" else "AllocationId", "PublicIp")
    return word(values, *IDS.get(one.key, ()), "ClusterArn", "Arn", "Name")
