"""Guards of promises that no other subject holds: owners, our own tokens, shares, sessions, exports, addresses."""

from __future__ import annotations

from .mutant import Mutant

API, SETTINGS = "tests/web/test_api.py", "tests/test_settings.py"
SHARES, OWNERSHIP = ("tests/web/test_share.py",), ("tests/runs/test_ownership.py",)
SHARE = "analytics/web/share.py"
PROMISES = (
    Mutant("an id is its owner's", "analytics/runs/store.py", "if foreign and not proven:", "if False:", OWNERSHIP),
    Mutant(
        "our own tokens end",
        "analytics/transport/tokens.py",
        "+ TOKEN_SECONDS}",
        "+ 90_000}",
        ("tests/outbound/test_transport.py", "-k", "five_minutes"),
    ),
    Mutant(
        "the owner's clause in a database",
        "analytics/inventory/mongo.py",
        'stored({**query, "roles._id": owner, "active": True})',
        'stored({"roles._id": owner, "active": True, **query})',
        ("tests/inventory/test_mongo.py",),
    ),
    Mutant(
        "Redis' certificate is checked",
        "analytics/redis_client.py",
        'if url.startswith("rediss") and settings.redis_tls == "unchecked":',
        'if url.startswith("rediss"):',
        ("tests/security/test_redis_access.py", "-k", "tls"),
    ),
    Mutant(
        "the text of an error is in no log",
        "analytics/logs.py",
        'line["error"] = type(record.exc_info[1]).__name__',
        'line["error"] = str(record.exc_info[1])',
        ("tests/test_logs.py",),
    ),
    Mutant(
        "revoked links open nothing",
        "analytics/runs/revocations.py",
        "return words_of_all(redis, [graph])[0]",
        'return ""',
        (API, "-k", "revoked"),
    ),
    Mutant(
        "what a link opens does not outlive it",
        "analytics/web/graph.py",
        "if until is None else until",
        "if True else until",
        (API, "-k", "outlives"),
    ),
    Mutant("a share that is revoked", SHARE, "if owner and not revoked and", "if owner and", SHARES),
    Mutant("a share is for one purpose", SHARE, "and parts[3] in purposes and", "and", SHARES),
    Mutant(
        "a share without addresses",
        SHARE,
        "(render(redacted(drawing.grid)) if found.redact else drawing.svg)",
        "drawing.svg",
        SHARES,
    ),
    Mutant(
        "what is remembered of a share is that share's",
        SHARE,
        '"svg, redacted" if found.redact else "svg"',
        '"svg"',
        SHARES,
    ),
    Mutant(
        "the operator's cookie",
        "analytics/web/session.py",
        'return hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), _signature(until, settings).encode())',
        "return True",
        ("tests/web/test_door.py", "-k", "nobody_else"),
    ),
    Mutant(
        "text in Markdown stays text",
        "analytics/export/outline.py",
        '_NUMBERED.sub(r"\\1\\\\.", _ACTIVE.sub(r"\\\\\\g<0>", text))',
        "text",
        ("tests/export/test_export.py", "-k", "markdown"),
    ),
    Mutant(
        "text in a language stays text",
        "analytics/export/dot.py",
        """'"' + text.replace("\\\\", "\\\\\\\\").replace('"', '\\\\"').replace("&", "&amp;") + '"'""",
        """'"' + text + '"'""",
        ("tests/export/test_export.py", "-k", "language"),
    ),
    Mutant(
        "no password of an address is shown",
        "analytics/settings.py",
        "shown = without_credentials(shown)",
        "pass",
        (SETTINGS, "-k", "password_of_an_address"),
    ),
    Mutant(
        "short passwords are refused",
        "analytics/settings.py",
        "len(settings.dashboard_password) < MIN_PASSWORD",
        "False",
        (SETTINGS, "-k", "short_password"),
    ),
    Mutant(
        "what everybody may write is not run",
        "analytics/pipeline/registry.py",
        "if path.stat().st_mode & stat.S_IWOTH and",
        "if False and",
        ("tests/pipeline/test_registry.py", "-k", "everybody_may"),
    ),
    Mutant(
        "text that cannot be stored",
        "analytics/web/submission.py",
        'return text.encode("utf-8", "replace").decode()',
        "return text",
        ("tests/web/test_submission.py",),
    ),
)
