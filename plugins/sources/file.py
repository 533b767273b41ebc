"""An inventory in files: this service's own documents, and what the readers beside this one know."""

from collections.abc import Iterator, Sequence

from analytics import hookimpl
from analytics.inventory import COLLECTIONS, SourceKind
from analytics.inventory.openings import open_path
from analytics.sources import Draft, Part, Reader, mappings
from analytics.sources.reader import name_of

BY_HAND = 100


def recognise(part: Part) -> bool:
    """An object of collections, each a list of documents."""
    value = part.object
    held = [name for name in COLLECTIONS if name in value]
    return bool(held) and "apiVersion" not in value and all(isinstance(value[name] or [], list) for name in held)


def read(parts: Sequence[Part], draft: Draft) -> None:
    """Documents as they are; one that several files hold is one, and the first of them counts."""
    for part in parts:
        for collection in COLLECTIONS:
            for number, document in enumerate(mappings(part.object.get(collection))):
                path = (collection, number)
                key = name_of(document.get("_id")) or name_of(document.get("id")) or name_of(document.get("name"))
                if not key:
                    draft.remark(part, path, "error", "id", f"{collection}: neither _id nor name")
                elif draft.has(collection, key):
                    draft.remark(part, path, "warning", "duplicate", f"{collection}: the id {key!r} is taken already")
                else:
                    fields = {name: value for name, value in document.items() if name not in ("_id", "source")}
                    draft.add(collection, key, part, path).update(fields)


@hookimpl
def analytics_sources() -> Iterator[SourceKind | Reader]:
    yield SourceKind("file", "files, in a format that a reader knows", ("", "file"), open_path)
    yield Reader("inventory", "this service's own documents, JSON or YAML", recognise, read, rank=BY_HAND)
