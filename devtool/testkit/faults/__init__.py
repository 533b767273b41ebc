"""Everything a neighbour can do wrong on the wire, on demand."""
