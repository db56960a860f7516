"""Connect thousands of clients to the fans' endpoint from one event loop, as cheaply as may be."""

from __future__ import annotations

import asyncio
import base64
import random
import secrets
from contextlib import suppress
from typing import Final

_PER_ADDRESS: Final = 150
"""Clients per loopback address: fans come from many addresses, and each is limited."""
_AT_ONCE: Final = 50


def frame_text(text: bytes) -> bytes:
    """Return a websocket's text frame of at most 125 bytes as a client sends it (RFC 6455, 5.2)."""
    mask = secrets.token_bytes(4)
    return (
        bytes((0x81, 0x80 | len(text)))
        + mask
        + bytes(byte ^ mask[place % 4] for place, byte in enumerate(text))
    )


class Clients:
    """Connected clients; each reads and forgets what the endpoint tells.

    Args:
        port: of the endpoint on this machine.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._writers: list[asyncio.StreamWriter] = []
        self._readers: list[asyncio.Task[None]] = []
        self._limit = asyncio.Semaphore(_AT_ONCE)

    @property
    def count(self) -> int:
        """Return the number of clients whose connection stands."""
        return sum(not one.is_closing() for one in self._writers)

    async def connect(self, count: int) -> None:
        """Connect clients."""
        await asyncio.gather(*(self._connect_one(number) for number in range(count)))

    async def vote(self, messages: list[bytes], seconds: float, every_s: float) -> int:
        """Let every client send a random message every so many seconds; return how many were sent.

        Args:
            messages: frames.
            seconds: in all.
            every_s: between two messages of one client.
        """
        step = 0.05
        share = max(1, round(len(self._writers) * step / every_s))
        loop = asyncio.get_running_loop()
        begun = loop.time()
        sent = place = 0
        for turn in range(round(seconds / step)):
            for _ in range(share):
                writer = self._writers[place % len(self._writers)]
                place += 1
                if not writer.is_closing():
                    writer.write(random.choice(messages))
                    sent += 1
            await asyncio.sleep(max(0.0, begun + (turn + 1) * step - loop.time()))
        return sent

    async def close(self) -> None:
        """Disconnect."""
        for writer in self._writers:
            writer.close()
        for task in self._readers:
            task.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)

    async def _connect_one(self, number: int) -> None:
        async with self._limit:
            address = f"127.0.{1 + number // _PER_ADDRESS}.1"
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", self._port, local_addr=(address, 0)
            )
            key = base64.b64encode(secrets.token_bytes(16)).decode()
            writer.write(
                f"GET /votes HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
                "Sec-WebSocket-Version: 13\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 101 " not in head:
                writer.close()
                return
        self._writers.append(writer)
        self._readers.append(asyncio.create_task(self._read(reader, writer)))

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while await reader.read(65536):
                pass
        writer.close()
