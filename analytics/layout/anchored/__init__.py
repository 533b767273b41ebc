"""A picture in which what stays of an earlier one keeps its place; see :func:`.keeping.keep_places`."""
