"""Real browsers for the tests of pages: Chromium, and Firefox for what matters most."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from devtool.testkit import firefox as relay

ROOT = Path(__file__).resolve().parents[2]
#: What keeps a browser on this machine: it asks nobody for updates, lists or components.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    """The browser's path; without one the test is skipped, loudly, and in CI it fails."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        missing("NO CHROMIUM: pages were not tested; apt-get install -y chromium")
    return str(found)


def missing(reason: str) -> None:
    """Skip the test with a reason that is seen; in CI it fails."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser for many pages; only one at a time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        yield browser
        browser.close()


@contextmanager
def firefox() -> Iterator[Browser]:
    """The second engine, for many pages; see :mod:`devtool.testkit.firefox`."""
    if relay.found() is None:
        missing("NO FIREFOX: pages were tested in one engine alone; apt-get install -y firefox-esr")
    with tempfile.TemporaryDirectory(prefix="am-firefox-") as folder, sync_playwright() as playwright:
        program = Path(folder, "firefox")
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {relay.__name__} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        browser = playwright.firefox.launch(
            executable_path=program,
            channel="moz-firefox",
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            firefox_user_prefs=relay.QUIET,
            timeout=120_000,
        )
        yield browser
        browser.close()


@contextmanager
def opened(headers: Mapping[str, str] | None = None, **context: Any) -> Iterator[Page]:
    """A page in a browser of its own."""
    with launched() as browser, opened_in(browser, headers, **context) as page:
        yield page


@contextmanager
def opened_in(browser: Browser, headers: Mapping[str, str] | None = None, **context: Any) -> Iterator[Page]:
    """A page that fails the test when anything leaves loopback or a script fails."""
    wrong: list[str] = []
    page = browser.new_context(extra_http_headers=dict(headers or {}), **context).new_page()
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))

    def refuse(dialog: Dialog) -> None:
        wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", refuse)
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:"))
            else wrong.append(f"request: {request.url}")
        ),
    )
    yield page
    page.context.close()
    assert wrong == []
