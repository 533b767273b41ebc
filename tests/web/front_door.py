"""A service with a front door: its inventory is a file, and graphs are asked for at the door alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from devtool.testkit.deployment import Deployment, deployed
from tests.estates import Documents

SECRET = "a password of thirty-two letters!"


@contextmanager
def standing(folder: Path, documents: Documents) -> Iterator[Deployment]:
    """Web and one worker, without a Front, for the operator ``ops`` with the password ``SECRET``."""
    estate = folder / "estate.json"
    estate.write_text(json.dumps(documents))
    with deployed(
        documents,
        MAESTRO_DASHBOARD_PASSWORD=SECRET,
        MAESTRO_DATA_URI=str(estate),
        MAESTRO_ANALYTICS_FRONT_URI="none",
        MAESTRO_WEBSOCKET_URI="none",
    ) as deployment:
        deployment.start_web()
        deployment.start_workers(1)
        yield deployment


def sign_in(page: Page, service: Deployment) -> None:
    """As a person does who opens the service's address."""
    page.goto(service.url)
    page.get_by_label("Name").fill("ops")
    page.get_by_label("Password").fill(SECRET)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("#owner")
