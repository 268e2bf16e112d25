"""Many watchers in one thread, who come back whenever they are sent away, and note whatever must not be."""

import asyncio
import json
import threading
from typing import Self

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException


class Crowd:
    """Many watchers in one thread. Each comes back from where it stood; what it must never see is a fault."""

    def __init__(self, address: str, path: str, size: int) -> None:
        self.seqs = [-1] * size
        self.connections = 0
        self.faults: list[str] = []
        self._address = address.replace("http:", "ws:") + path
        self._closing = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._all(),), daemon=True)
        self._thread.start()

    async def _all(self) -> None:
        tasks = [asyncio.create_task(self._watch(number)) for number in range(len(self.seqs))]
        await self._closing.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self, number: int) -> None:
        since = ""
        while True:
            try:
                async with connect(self._address + since, compression=None, proxy=None, open_timeout=60) as socket:
                    self.connections += 1
                    async for text in socket:
                        since = self._take(number, json.loads(text))
            except ConnectionClosed:
                pass  # sent away by a node that stops
            except (OSError, WebSocketException) as error:
                self.faults.append(f"refused: {error!r}")
            await asyncio.sleep(0.2)

    def _take(self, number: int, message: dict[str, object]) -> str:
        seq, before = int(str(message["seq"])), self.seqs[number]
        if seq < before or (message["kind"] == "update" and seq == before):
            self.faults.append(f"{message['kind']} {seq} after {before}")
        self.seqs[number] = seq
        return f"?since={seq}&epoch={message['epoch']}"

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(60)
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
