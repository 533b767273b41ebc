"""The viewer as one HTML file, with the drawing inside: it works from a disk, with no service and no network.

Page, style sheets and scripts are those of the service. Its three questions are
answered from the file: the state, the drawing, what is said of it. A policy in
the page's head allows its own scripts by their digests and no connection at all.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

import msgspec

from ..drawing import night_sheet, render
from ..layout import lay_out
from ..model.graph import tally
from ..model.grid import Grid
from ..text import clean_text
from .details import details_of

#: A graph of more nodes is in the file in one projection only.
MOST_LAID_ANEW = 300
#: Where page, styles and scripts stand; importing that package would need those of the service.
_WEB = files("analytics").joinpath("web")
_IMPORT = re.compile(r"""(\bfrom\s+|\bimport\s+)"\./([a-z]+\.js)\"""")
_NAME = 200

#: Answers the viewer's questions from the file instead of asking a service.
ANSWERING = """
const held = JSON.parse(document.getElementById("held").textContent);
window.fetch = async (address) => {
  const asked = new URL(address, "https://file.invalid");
  const json = (value) => new Response(JSON.stringify(value), { headers: { "Content-Type": "application/json" } });
  const picture = () => held.pictures[asked.searchParams.get("projection")] || held.pictures[held.projection];
  if (asked.pathname.endsWith("/details")) return json(held.details);
  if (asked.pathname.endsWith(".svg")) return new Response(picture());
  return json(held.state);
};
if (!Object.keys(held.pictures).includes(held.projection === "flat" ? "isometric" : "flat")) {
  document.getElementById("projection").style.display = "none";
}
"""

#: Shows the newer page where there is one; the address says what is seen, so it is seen again.
FOLLOWING = """
const ask = window.fetch.bind(window);
const version = () => ask("/version").then((answer) => answer.text(), () => "");
version().then((mine) => setInterval(async () => {
  const now = await version();
  if (now && mine && now !== mine) location.reload();
}, 500));
"""


def to_html(grid: Grid) -> str:
    """``grid`` as a page that holds the viewer, its drawing and all that is said of it."""
    return page_of(grid)


def page_of(grid: Grid, *, following: bool = False) -> str:
    """The page; ``following`` one that asks where it came from whether there is a newer one, and shows it."""
    title = clean_text(grid.graph.title or grid.graph.type, _NAME)
    held = embedded(
        {
            "projection": grid.projection,
            "pictures": pictures(grid),
            "details": json.loads(msgspec.json.encode(details_of(grid))),
            "state": state_of(grid),
        }
    )
    imports = embedded({"imports": {f"viewer/{name}": module(name) for name in modules()}})
    answering = (FOLLOWING if following else "") + ANSWERING
    scripts = {"importmap": imports, "": answering, "module": 'import "viewer/main.js";'}
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy(list(scripts.values()), following)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{escape(title)} · Analytics Maestro</title>",
            f"<style>{text_of('static', 'viewer.css')}</style>",
            f'<style id="night" media="not all">{night_sheet()}</style>',
            f'<script type="application/json" id="held">{held}</script>',
            f'<script type="importmap">{scripts["importmap"]}</script>',
            "</head>",
            body(title),
            f"<script>{scripts['']}</script>",
            f'<script type="module">{scripts["module"]}</script>',
            "</html>",
            "",
        ]
    )


def pictures(grid: Grid) -> dict[str, str]:
    """The drawing by projection: the one it has, and the other where that is laid out in a moment."""
    found = {grid.projection: render(grid)}
    if len(grid.graph.nodes) <= MOST_LAID_ANEW:
        other = "flat" if grid.projection == "isometric" else "isometric"
        found[other] = render(lay_out(grid.graph, "fast", other))
    return found


def state_of(grid: Grid) -> dict[str, Any]:
    """What the service would say of the graph: it is drawn."""
    sums = tally(grid.graph)
    names = ("found", "drawn", "folded", "omitted", "hidden", "ghosts")
    return {
        "state": "finished",
        "message": "",
        "run": "file",
        "created": None,
        "ended": None,
        "stages": [],
        "counts": {"nodes": len(grid.graph.nodes)} | {name: getattr(sums, name) for name in names},
        "omissions": [
            {"kind": one.kind, "what": one.what, "count": one.count, "reason": one.reason}
            for one in grid.graph.omissions
        ],
        "findings": [{"text": one.text, "tone": one.tone} for one in grid.graph.findings],
        "statistics": None,
        "links": {},
    }


def embedded(value: object) -> str:
    """JSON that ends no script element, whatever it holds.

    >>> embedded("</script>")
    '"\\\\u003c/script>"'
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def policy(scripts: list[str], following: bool) -> str:
    """What the page may do: run these scripts and its modules, style itself, and connect to nothing.

    ``following``: but to where it came from.
    """
    digests = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts
    )
    return (
        f"default-src 'none'; script-src {digests} data:; style-src 'unsafe-inline'; img-src data: blob:; "
        "form-action 'none'; base-uri 'none'" + ("; connect-src 'self'" if following else "")
    )


@cache
def modules() -> tuple[str, ...]:
    """The names of the viewer's scripts."""
    folder = _WEB.joinpath("static", "viewer")
    return tuple(sorted(one.name for one in folder.iterdir() if one.name.endswith(".js")))


@cache
def module(name: str) -> str:
    """A script as an address that holds it; what it imports is found by the page's import map."""
    source = _IMPORT.sub(r'\1"viewer/\2"', text_of("static", "viewer", name))
    return f"data:text/javascript;base64,{base64.b64encode(source.encode()).decode()}"


@cache
def text_of(*path: str) -> str:
    """A file of the service's page."""
    return _WEB.joinpath(*path).read_text(encoding="utf-8")


def body(title: str) -> str:
    """The page's body; of the formats to save as only the picture is there."""
    template = text_of("templates", "view.html")
    found = template[template.index("<body") : template.index("</body>")]
    found = re.sub(r"\s*\{%-? for form .*?\{%-? endfor %\}", "", found, flags=re.DOTALL)
    return found.replace("{{ graph_id }}", escape(title)) + "</body>"
