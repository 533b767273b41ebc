"""Nomad: what ``nomad job inspect`` prints. Every task is an application of its job."""

from collections.abc import Iterator, Sequence

from analytics import hookimpl
from analytics.sources import Draft, Part, Reader, Recognition, family_of_image, mapping, mappings


def recognise(part: Part) -> Recognition:
    """An object with a job that has task groups."""
    return isinstance(mapping(part.value, "Job").get("TaskGroups"), list)


def read(parts: Sequence[Part], draft: Draft) -> None:
    """Jobs as systems, tasks as applications with their image and number."""
    for part in parts:
        job = part.value["Job"]
        system = draft.add("systems", f"job/{job['ID']}", part, ("Job",), name=job["ID"])
        for place, group in enumerate(mappings(job["TaskGroups"])):
            for task in mappings(group.get("Tasks")):
                image = str(mapping(task, "Config").get("image", ""))
                key = f"{job['ID']}/{task['Name']}"
                draft.add(
                    "applications", key, part, ("Job", "TaskGroups", place), names=[task["Name"]], name=task["Name"],
                    family=family_of_image(image), image=image, replicas=group.get("Count"),
                    system=[{"_id": system["_id"]}],
                )  # fmt: skip
        draft.skip("constraint", "nothing of the picture", len(mappings(job.get("Constraints"))))


@hookimpl
def analytics_sources() -> Iterator[Reader]:
    yield Reader("nomad", "Nomad jobs", recognise, read, collect="nomad job inspect <job>")
