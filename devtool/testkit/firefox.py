"""Debian's Firefox for Playwright: ``python3 -m devtool.testkit.firefox ARGUMENTS`` stands where it wants the browser.

Playwright speaks WebDriver BiDi with an unpatched Firefox, and asks it for one thing that the extended support
release does not know yet. This starts Firefox with the same arguments and passes every message on between the two
but that one, which it answers itself: pages then have the colours of Firefox's own settings.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sys
from collections.abc import Sequence

from websockets.asyncio.client import connect
from websockets.asyncio.connection import Connection
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

#: What Firefox says once it listens.
LISTENS = re.compile(r"(?<=WebDriver BiDi listening on )ws://\S+")
#: What the extended support release lacks.
UNKNOWN = "emulation.setMediaFeaturesOverride"
#: What keeps Firefox on this machine: it asks nobody for updates, lists or news.
QUIET: dict[str, str | float | bool] = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.server": "",
}


def found() -> str | None:
    """The path of Firefox, if there is one."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


def answer(message: str | bytes) -> str | None:
    """What is answered here; nothing: the browser is asked."""
    if UNKNOWN.encode() not in (message if isinstance(message, bytes) else message.encode()):
        return None
    asked = json.loads(message)
    return json.dumps({"type": "success", "id": asked["id"], "result": {}}) if asked["method"] == UNKNOWN else None


async def passed_on(here: Connection, there: Connection) -> None:
    """Every message from one end to the other, until either goes."""
    try:
        async for message in here:
            said = answer(message)
            await (there.send(message) if said is None else here.send(said))
    except ConnectionClosed:
        pass
    await there.close()


async def relayed(program: str, arguments: Sequence[str]) -> int:
    """Run Firefox until it ends; its exit code."""
    firefox = await asyncio.create_subprocess_exec(program, *arguments, stderr=asyncio.subprocess.PIPE)
    assert firefox.stderr is not None
    address = ""

    async def talk(client: ServerConnection) -> None:
        path = client.request.path if client.request is not None else ""
        async with connect(address + path, max_size=None, ping_interval=None) as browser:
            await asyncio.gather(passed_on(client, browser), passed_on(browser, client))

    async with serve(talk, "127.0.0.1", 0, max_size=None, ping_interval=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async for line in firefox.stderr:
            said = line.decode(errors="replace")
            if (listens := LISTENS.search(said)) is not None:
                address = listens[0]
                said = LISTENS.sub(f"ws://127.0.0.1:{port}", said)
            print(said, end="", file=sys.stderr, flush=True)
        server.close()
    return await firefox.wait()


def main(arguments: Sequence[str]) -> int:
    """Stand in for Firefox."""
    program = found()
    if program is None:
        print("there is no Firefox: apt-get install -y firefox-esr", file=sys.stderr)
        return 127
    return asyncio.run(relayed(program, arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
