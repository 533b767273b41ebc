"""Guards at the edges: links, tokens, the front door, what commands read and say, what stages print and keep."""

from __future__ import annotations

from .mutant import Mutant

TOKENS, ANSWERS = ("tests/security/test_tokens.py",), ("tests/security/test_answers.py",)
BOMBS, DOOR, OUTPUT = (
    ("tests/security/test_bombs.py",),
    ("tests/web/test_door.py", "-k", "word or other_site or another_site"),
    ("tests/runs/test_output_and_memory.py",),
)
SLOW, READING = ("tests/web/test_slow_clients.py",), "analytics/web/reading_worker.py"
WEB_TOKENS, CLI = "analytics/web/tokens.py", "analytics/cli/__init__.py"
EDGES = (
    Mutant("a link ends", WEB_TOKENS, "or int(expires) < time.time():", "or False:", TOKENS),
    Mutant(
        "a prefix of a signature is none",
        WEB_TOKENS,
        'return hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), wanted.encode())',
        "return bool(signature) and wanted.startswith(signature)",
        TOKENS,
    ),
    Mutant(
        "the owner is in the signature",
        WEB_TOKENS,
        "graph.owner_id, str(expires), words",
        "str(expires), words",
        TOKENS,
    ),
    Mutant("one algorithm", WEB_TOKENS, 'algorithms=["HS256"]', 'algorithms=["HS256", "HS384"]', TOKENS),
    Mutant(
        "a word signs in once",
        "analytics/web/door.py",
        " and first_use(word, web().service.redis):",
        ":",
        DOOR,
    ),
    Mutant(
        "no other site acts for an operator",
        "analytics/web/guesses.py",
        'return site == "same-origin"',
        "return True",
        ("tests/web/test_door.py", "tests/web/test_dashboard.py"),
    ),
    Mutant("files are read up to a size", "analytics/bounded.py", "stream.read(most + 1)", "stream.read()", BOMBS),
    Mutant("no control reaches a terminal", CLI, "if sys.stdout.isatty():", "if False:", BOMBS),
    Mutant(
        "a crash of a format says nothing",
        "analytics/pipeline/painting.py",
        "if done.returncode == REFUSED:",
        "if done.returncode:",
        BOMBS,
    ),
    Mutant(
        "what plugins print is not in a picture",
        "analytics/pipeline/painting.py",
        "        os.dup2(nowhere, stream)\n",
        "        pass\n",
        BOMBS,
    ),
    Mutant("what up writes is private", "devtool/up.py", "STATE.chmod(0o700)", "STATE.chmod(0o755)", BOMBS),
    Mutant(
        "the depth of a body in one pass",
        "analytics/web/submission.py",
        r"""'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]'""",
        r"""'"(?:[^"\\]|\\.)*"|[\[\]{}]'""",
        BOMBS,
    ),
    Mutant("data is a file to a browser", "analytics/web/problems.py", "attachment; filename", "inline; name", ANSWERS),
    Mutant(
        "no redirect to the host that was said", "analytics/web/__init__.py", "strict_slashes = False", "x = 0", ANSWERS
    ),
    Mutant(
        "the viewer writes text, not markup",
        "analytics/web/static/viewer/dom.js",
        'made.append(...content.filter((part) => part !== undefined && part !== null && part !== ""));',
        """content.forEach((part) => part instanceof Node ? made.append(part)
    : made.insertAdjacentHTML("beforeend", part || ""));""",
        ("tests/security/test_pages.py",),
    ),
    Mutant("prints are capped", "analytics/workers/printing.py", "said[:left])", "said)", OUTPUT),
    Mutant(
        "a worker that keeps memory ends", "analytics/workers/worker.py", "self._stop_requested = True", "pass", OUTPUT
    ),
    Mutant(
        "a worker that keeps memory begins anew",
        "analytics/workers/worker.py",
        "            raise StopRequested\n",
        "            pass\n",
        OUTPUT,
    ),
    Mutant("memory is given back", "analytics/workers/memory.py", "    gc.collect()\n", "    return\n", OUTPUT),
    Mutant(
        "requests are read before a thread is taken",
        "analytics/web/gunicorn_conf.py",
        'worker_class = "analytics.web.reading_worker.ReadingWorker"',
        'worker_class = "gthread"',
        SLOW,
    ),
    Mutant("a request has ten seconds to come", READING, "CLOSING = 10.0,", "CLOSING = 600.0,", SLOW),
    Mutant("no thread waits for a body", READING, "conn.parser.unreader = Given()", "pass", SLOW),
    Mutant("what was cut is closed", READING, "if conn.cut:", "if False:", SLOW),
    Mutant(
        "an answer waits for no client",
        "analytics/web/leaving.py",
        "setblocking(False)",
        "setblocking(True)",
        (*SLOW, "-k", "sent_later"),
    ),
    Mutant(
        "nobody is waited for to close",
        READING,
        "                conn.sock.shutdown(socket.SHUT_WR)\n",
        "                conn.sock.shutdown(socket.SHUT_WR)\n"
        "                conn.sock.settimeout(2)\n"
        "                conn.sock.recv(1)\n",
        SLOW,
    ),
    Mutant(
        "chunks are counted",
        "analytics/web/arriving.py",
        'while (line := self.data.find(b"\\r\\n", self.chunk)) >= 0:',
        'if self.data.endswith(b"0\\r\\n\\r\\n"):\n            return True\n'
        '        while (line := self.data.find(b"\\r\\n", self.chunk)) >= 0:',
        SLOW,
    ),
    Mutant(
        "a page with 200 is no delivery",
        "analytics/outbound/front.py",
        "if not taken(answer.body):",
        "if False:",
        ("tests/outbound/test_neighbours.py", "-k", "own_is_no_delivery"),
    ),
)
