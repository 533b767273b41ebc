"""Who this service is, to its neighbours."""

from . import __version__

IDENTITY = {
    "name": "Analytics Maestro",
    "description": "Turns an IT inventory into architecture diagrams.",
    "version": __version__,
    "license": "Apache-2.0",
}
