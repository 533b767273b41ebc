"""Who this service is, to its neighbours."""

VERSION = "1.0.0"

IDENTITY = {
    "name": "Analytics Maestro",
    "description": "Turns an IT inventory into architecture diagrams.",
    "version": VERSION,
    "license": "Apache-2.0",
}
