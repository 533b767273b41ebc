"""A stretch of network on loopback: what goes through comes later, and connections are cut now and then.

with Far("unix:/tmp/x/r.sock", delay=0.01, cut=0.02) as far:
    ...  # talk to far.url
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from typing import Self


class Far:
    """Forwards to a server, each way ``delay`` seconds later; every second each connection is cut by a chance ``cut``.

    ``target`` is ``unix:PATH`` or ``HOST:PORT``. ``connections`` and ``cuts`` count what there were.
    """

    def __init__(self, target: str, *, delay: float, cut: float, seed: int = 1) -> None:
        self.connections = self.cuts = 0
        self._target, self._delay, self._cut = target, delay, cut
        self._luck = random.Random(seed)
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="far", daemon=True)
        self._thread.start()
        ready.wait(10)

    @property
    def url(self) -> str:
        """Its address for a client of Redis."""
        return f"redis://127.0.0.1:{self._port}/0"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Take no more connections, and end those there are."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._forward, "127.0.0.1", 0))
        self._port = int(server.sockets[0].getsockname()[1])
        cutting = self._loop.create_task(self._cutting())
        ready.set()
        self._loop.run_forever()
        cutting.cancel()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        for writer in list(self._open):
            writer.transport.abort()
        with contextlib.suppress(RuntimeError):
            self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    async def _forward(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            kind, _, place = self._target.rpartition(":")
            if kind == "unix":
                from_server, to_server = await asyncio.open_unix_connection(place)
            else:
                from_server, to_server = await asyncio.open_connection(kind, int(place))
        except OSError:
            to_client.transport.abort()
            return
        self._open.add(to_client)
        try:
            with contextlib.suppress(asyncio.CancelledError):  # the end of all
                await asyncio.gather(self._later(from_client, to_server), self._later(from_server, to_client))
        finally:
            self._open.discard(to_client)
            for writer in (to_client, to_server):
                writer.transport.abort()

    async def _later(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        """Pass on what comes, each piece the delay after it came; the end too."""
        pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def send() -> None:
            while True:
                due, data = await pieces.get()
                await asyncio.sleep(max(0.0, due - self._loop.time()))
                if not data:
                    return
                sink.write(data)
                await sink.drain()

        sending = self._loop.create_task(send())
        with contextlib.suppress(OSError):
            while data := await source.read(1 << 16):
                pieces.put_nowait((self._loop.time() + self._delay, data))
        pieces.put_nowait((self._loop.time() + self._delay, b""))
        with contextlib.suppress(OSError):
            await sending
        sink.transport.abort()

    async def _cutting(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            for writer in list(self._open):
                if self._luck.random() < self._cut:
                    self.cuts += 1
                    writer.transport.abort()
