"""Guards towards inventories and neighbours: whose a document is, deadlines, limits, what is tried again."""

from __future__ import annotations

from .mutant import Mutant

TRANSPORT = ("tests/outbound/test_transport.py",)
NEIGHBOURS = (
    Mutant(
        "the owner filter",
        "analytics/inventory/visible.py",
        ' and any(text(role.get("_id")) == owner for role in named)',
        "",
        ("tests/inventory",),
    ),
    Mutant(
        "the owner filter of a view",
        "analytics/inventory/owned.py",
        "for document in documents if belongs(document, self.owner)]",
        "for document in documents]",
        ("tests/inventory", "tests/security/test_tenants.py"),
    ),
    Mutant(
        "the owner's clause",
        "analytics/inventory/dataapp.py",
        '{**query, "roles._id": owner, "active": True}',
        '{**query, "active": True}',
        ("tests/inventory",),
    ),
    Mutant(
        "owners of one file apart",
        "analytics/inventory/handwritten.py",
        "if len(everybody) > 1:",
        "if False:",
        ("tests/security/test_tenants.py",),
    ),
    Mutant(
        "what an owner is told of a file",
        "analytics/errors.py",
        "self.told = told or message",
        "self.told = message",
        ("tests/security/test_tenants.py",),
    ),
    Mutant(
        "the owner of a graph document",
        "analytics/outbound/data_app.py",
        "        self.require_owned(graph)\n",
        "",
        ("tests/outbound",),
    ),
    Mutant(
        "the total deadline of a call",
        "analytics/transport/sockets.py",
        "sock.settimeout(deadline.left())",
        "sock.settimeout(5.0)",
        TRANSPORT,
    ),
    Mutant(
        "the limit of an answer", "analytics/transport/neighbour.py", "if held > self._limit:", "if False:", TRANSPORT
    ),
    Mutant(
        "the body of a redirect is left unread",
        "analytics/transport/neighbour.py",
        "def get_redirect_target(",
        "def no_redirect_target(",
        TRANSPORT,
    ),
    Mutant(
        "a refused token is not tried again",
        "analytics/transport/failure.py",
        'CURABLE = frozenset({"unreachable",',
        'CURABLE = frozenset({"denied", "unreachable",',
        TRANSPORT,
    ),
    Mutant(
        "the cap of Retry-After",
        "analytics/transport/neighbour.py",
        "return min(float(value[:9]), LONGEST_WAIT) if",
        "return float(value) if",
        TRANSPORT,
    ),
    Mutant(
        "every page is read",
        "analytics/inventory/dataapp.py",
        "if not page or len(items) >= announced:",
        "if True:",
        ("tests/inventory/test_contract.py", "-k", "every_page"),
    ),
    Mutant(
        "no proxy from the environment",
        "analytics/transport/neighbour.py",
        "self.trust_env = False",
        "self.trust_env = True",
        TRANSPORT,
    ),
    Mutant(
        "what may have arrived is not sent again",
        "analytics/transport/neighbour.py",
        "and (safe or exc.unread)",
        "",
        TRANSPORT,
    ),
    Mutant(
        "two seconds for the websocket server",
        "analytics/outbound/websocket.py",
        "NOTIFY_SECONDS = 2.0",
        "NOTIFY_SECONDS = 20.0",
        ("tests/outbound/test_neighbours.py", "-k", "two_seconds"),
    ),
    Mutant(
        "a stage that a MongoDB lacks",
        "analytics/inventory/mongo.py",
        "if exc.timeout or exc.code in REFUSED or failure(exc).transient:",
        "if True:",
        ("tests/inventory/test_mongo.py",),
    ),
)
