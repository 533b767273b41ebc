"""The viewer apart from the service: what it knows of a drawing, and a page in one file that needs no service."""
