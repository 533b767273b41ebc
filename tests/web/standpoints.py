"""Where the drawing and its things lie in the viewer's window."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.estates import oid
from tests.sure import sure


def camera(page: Page) -> tuple[float, float, float]:
    """Where the drawing lies: x, y and scale, when it has come to rest."""
    page.wait_for_timeout(450)
    numbers = re.findall(r"-?[\d.]+(?:e-?\d+)?", sure(page.get_attribute("#world", "style")))
    x, y, scale = map(float, numbers[:3])
    return x, y, scale


def middle(page: Page, node: int) -> tuple[float, float]:
    """The middle of a node, in pixels of the window."""
    area = sure(page.locator(f"[id='{oid(node)}']").bounding_box())
    return area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
