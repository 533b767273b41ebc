"""Guards of texts, settings and files: the sanitiser, the gate, logs, secrets."""

from __future__ import annotations

from .mutant import Mutant

TEXTS = (
    Mutant(
        "the sanitiser: illegal characters",
        "analytics/text.py",
        '_tame_marks(_ILLEGAL.sub("\\ufffd", text))',
        "text",
        ("tests/drawing",),
    ),
    Mutant(
        "the sanitiser: markup",
        "analytics/text.py",
        "return text.translate(_MARKUP) if _NEEDS_ESCAPE(text) else text",
        "return text",
        ("tests/drawing", "analytics/text.py"),
    ),
    Mutant(
        "the gate",
        "analytics/drawing/gate.py",
        "    parser = etree.XMLParser(\n",
        "    return svg\n    parser = etree.XMLParser(\n",
        ("tests/drawing/test_drawing_gate.py",),
    ),
    Mutant(
        "weak secrets stop the start",
        "analytics/settings.py",
        "if weak and not settings.development:",
        "if False:",
        ("tests/test_settings.py",),
    ),
    Mutant(
        "foreign text in logs is capped",
        "analytics/logs.py",
        'return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"',
        "return text",
        ("tests/test_logs.py",),
    ),
    Mutant(
        "ids from a safe alphabet",
        "analytics/text.py",
        "    if _OBJECT_ID(text):\n",
        "    if True:\n",
        ("tests/security/test_files.py", "-k", "alphabet"),
    ),
    Mutant(
        "a secret's file is for us alone",
        "analytics/cli/secrets.py",
        "os.O_EXCL, 0o600)",
        "os.O_EXCL, 0o644)",
        ("tests/packaging/test_platforms.py",),
    ),
)
