"""Guards of the web surface: tokens, bodies, headers, the dashboard."""

from __future__ import annotations

from .mutant import Mutant

DASHBOARD = ("tests/web/test_dashboard.py",)
WORKING = ("tests/web/test_working.py",)
ANSWERS = ("tests/security/test_answers.py",)
API = "tests/web/test_api.py"
WEB = (
    Mutant("the token", "analytics/web/tokens.py", "    if not held:\n", "    if False:\n", ("tests/web/test_api.py",)),
    Mutant(
        "signed links",
        "analytics/web/tokens.py",
        'return hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), wanted.encode())',
        "return bool(wanted)",
        ("tests/web/test_api.py",),
    ),
    Mutant(
        "503 when Redis is away",
        "analytics/web/problems.py",
        "    app.register_error_handler(RedisError, no_redis)\n",
        "",
        (API, "-k", "without_redis"),
    ),
    Mutant(
        "the depth of a body",
        "analytics/web/submission.py",
        "if depth(text) > DEEPEST:",
        "if False:",
        (API, "-k", "cannot_be_read"),
    ),
    Mutant(
        "a key that stands twice",
        "analytics/web/submission.py",
        "if len(found) != len(pairs):",
        "if False:",
        (API, "-k", "cannot_be_read"),
    ),
    Mutant(
        "ids are 24 hex digits",
        "analytics/web/submission.py",
        'OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}")',
        'OBJECT_ID = re.compile(r".{1,90}")',
        (API, "-k", "wrong_field"),
    ),
    Mutant(
        "headers of every answer",
        "analytics/web/problems.py",
        'answer.headers.setdefault("X-Content-Type-Options", "nosniff")',
        "pass",
        ANSWERS,
    ),
    Mutant(
        "no inline script",
        "analytics/web/viewer.py",
        "script-src 'self';",
        "script-src 'self' 'unsafe-inline';",
        ANSWERS,
    ),
    Mutant("the dashboard's login", "analytics/web/dashboard.py", "if not admitted(service):", "if False:", ANSWERS),
    Mutant(
        "the dashboard changes nothing",
        "analytics/web/dashboard.py",
        "if changes() and not service.settings.dashboard_actions:",
        "if False:",
        ("tests/web/test_dashboard.py", "-k", "changed"),
    ),
    Mutant(
        "the dashboard's pages write text, not markup",
        "analytics/web/static/dashboard.js",
        "made.textContent = String(text)",
        "made.innerHTML = String(text)",
        DASHBOARD,
    ),
    Mutant(
        "no inline script in the dashboard's pages",
        "analytics/web/dashboard.py",
        "script-src 'self'; style-src",
        "script-src 'self' 'unsafe-inline'; style-src",
        DASHBOARD,
    ),
    Mutant(
        "names in the dashboard's addresses",
        "analytics/web/dashboard.py",
        "all(NAME.fullmatch(str(value)) for value in named)",
        "True",
        DASHBOARD,
    ),
    Mutant("the dashboard's own pages act", "analytics/web/dashboard.py", "or not from_own_page()", "", DASHBOARD),
    Mutant(
        "guesses at the dashboard's password",
        "analytics/web/dashboard.py",
        "if guessing(service.redis):",
        "if False:",
        DASHBOARD,
    ),
    Mutant(
        "the dashboard's old scripts",
        "analytics/web/dashboard.py",
        'endpoint != "rq_dashboard.static"',
        "True",
        DASHBOARD,
    ),
    Mutant(
        "few answers are worked out at once",
        "analytics/web/state.py",
        "MOST_WORKED, MOST_ASKING = 1, 3",
        "MOST_WORKED, MOST_ASKING = 300, 300",
        WORKING,
    ),
    Mutant(
        "what was worked out is remembered",
        "analytics/web/working.py",
        "remembered.keep(run_id, asked, answer)",
        "pass",
        WORKING,
    ),
    Mutant(
        "an answer takes so many steps",
        "analytics/answers/single.py",
        "if spent > most:",
        "if False:",
        ("tests/answers/test_failing_graph.py",),
    ),
    Mutant(
        "a chain is told up to a length",
        "analytics/answers/failing_graph.py",
        "if len(chain) == MOST_CHAINED:",
        "if False:",
        ("tests/answers/test_failing_graph.py",),
    ),
    Mutant(
        "the boxes of an earlier picture are looked at so often",
        "analytics/export/earlier.py",
        "if looked_at > MOST_LOOKED_AT:",
        "if False:",
        ("tests/security/test_bombs.py", "-k", "earlier"),
    ),
    Mutant(
        "lines are read one at a time",
        "analytics/sources/parsing.py",
        "enumerate(io.BytesIO(raw), 1)",
        "enumerate(raw.splitlines(), 1)",
        ("tests/security/test_bombs.py", "-k", "lines"),
    ),
    Mutant(
        "calls are found by whom they go to",
        "analytics/sources/reader.py",
        "for dep in self.deps[self.looked_at :]:",
        "self.by_target = {}\n        for dep in self.deps:",
        ("tests/security/test_bombs.py", "-k", "thousands"),
    ),
)
