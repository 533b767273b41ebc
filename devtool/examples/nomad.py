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
        name = str(part.value["Job"].get("ID"))
        draft.add("systems", name, part, ("Job",), name=name)
        for place, group in enumerate(mappings(part.value["Job"]["TaskGroups"])):
            for task in mappings(group.get("Tasks")):
                image = str(mapping(task, "Config").get("image", ""))
                about = {"name": task["Name"], "family": family_of_image(image), "image": image, "system": [name]}
                path = ("Job", "TaskGroups", place)
                draft.add("applications", f"{name}/{task['Name']}", part, path, replicas=group.get("Count"), **about)
        draft.skip("constraint", "nothing of the picture", len(mappings(part.value["Job"].get("Constraints"))))


@hookimpl
def analytics_sources() -> Iterator[Reader]:
    yield Reader("nomad", "Nomad jobs", recognise, read, collect="nomad job inspect <job>")
