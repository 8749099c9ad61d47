"""A TCP relay on 127.0.0.1 that behaves like a slow line, and can fail like one."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future

SEGMENT = 1400  # bytes that are sent as one
HEADERS = 40  # bytes of TCP and IP in front of them


class SlowLine:
    """A line to a port of this machine. Each direction has the bandwidth for itself.

    A segment leaves when the one before it is through, takes its size by the bandwidth, and arrives
    half a round trip later. No more is read before that, so the sender feels the line. Lost
    segments and TCP's slow start are not modeled.

    Args:
        target: The port at the other end.
        round_trip: In seconds.
        rate: In bits a second.
    """

    def __init__(self, target: int, round_trip: float = 0.150, rate: float = 256_000) -> None:
        self._target, self._delay, self._rate = target, round_trip / 2, rate
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._connect, "127.0.0.1", 0, limit=SEGMENT), self._loop
        ).result()
        self.port: int = self._server.sockets[0].getsockname()[1]

    async def _connect(self, near: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        far, there = await asyncio.open_connection("127.0.0.1", self._target, limit=SEGMENT)
        for reader, writer in ((near, there), (far, out)):
            writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._writers.add(writer)
            pump = self._loop.create_task(self._carry(reader, writer))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                data = await reader.read(SEGMENT)
            except ConnectionError:
                data = b""
            await self._flowing.wait()
            await asyncio.sleep((len(data) + HEADERS) * 8 / self._rate)
            self._loop.call_later(self._delay, self._deliver, writer, data)
            if not data:
                return

    def _deliver(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        if data:
            writer.write(data)
        else:
            writer.close()

    def _do(self, work: Callable[[], object]) -> None:
        done: Future[None] = Future()

        def act() -> None:
            work()
            done.set_result(None)

        self._loop.call_soon_threadsafe(act)
        done.result()

    def stall(self) -> None:
        """Carries nothing more, and closes nothing: what TCP notices after hours, or never."""
        self._do(self._flowing.clear)

    def go_on(self) -> None:
        """Carries on where it stalled."""
        self._do(self._flowing.set)

    def cut(self) -> None:
        """Drops every connection, with what is under way."""
        self._do(lambda: [writer.transport.abort() for writer in self._writers])

    def close(self) -> None:
        """Ends the line, and waits until it has ended."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)
        await asyncio.sleep(0)  # what was aborted is closed
