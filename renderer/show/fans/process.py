"""Run the fans' endpoint as a process of its own, which may die without the show noticing much."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Final

from renderer.errors import OutputError
from renderer.output.stream_key import fill_in_keys
from renderer.processes.child import Child
from renderer.show.fans.chat import ChatCounter
from renderer.show.fans.exchange import STATE, SUMMARY, RecordReader, RecordWriter
from renderer.show.fans.records import FansSettings, FansState
from renderer.show.fans.server import FansServer
from renderer.show.fans.tally import VoteTally
from renderer.show.fans.twitch import read_chat

EVERY_S: Final = 0.1
_CHAT_EVERY: Final = 10
"""A chat is summarised every so many summaries."""


def run(child: Child, settings: FansSettings, folder: Path) -> None:
    """Serve fans until the show ends or closes the process.

    Args:
        child: this process; reports the page's address when it is ready.
        settings: of the show.
        folder: of the session.

    Raises:
        OutputError: the key cannot be read, or the port cannot be listened on.
    """
    key = fill_in_keys(settings.key).encode()
    asyncio.run(_serve(child, settings, key, folder))


async def _serve(child: Child, settings: FansSettings, key: bytes, folder: Path) -> None:
    tally = VoteTally(len(settings.colors))
    server = FansServer(settings, key, tally)
    try:
        address = await server.start()
    except (OSError, OverflowError) as fault:
        raise OutputError(
            f"The fans' page: port {settings.port} of {settings.bind}",
            f"cannot be listened on ({fault.strerror if isinstance(fault, OSError) else fault})",
            "choose another fans.port, or 0 for any free one",
        ) from fault
    chat = ChatCounter("twitch", settings.colors) if settings.twitch else None
    reading = (
        asyncio.create_task(read_chat(settings.twitch, settings.twitch_server, chat))
        if chat is not None
        else None
    )
    child.ready(address)
    summaries = RecordWriter(folder / SUMMARY)
    states = RecordReader(folder / STATE, FansState)
    number = 0
    try:
        while not child.stopping.is_set() and folder.is_dir():
            if (state := states.take()) is not None:
                await server.change_state(state)
            now_ns = time.monotonic_ns()
            if chat is not None and number % _CHAT_EVERY == 0:
                tally.count_outside(chat.summarise(now_ns), now_ns)
            summaries.write(tally.summarise(now_ns))
            number += 1
            await asyncio.sleep(EVERY_S)
    finally:
        if reading is not None:
            reading.cancel()
        await server.stop()
