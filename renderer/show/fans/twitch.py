"""Read a Twitch channel's chat, anonymously and without writing to it.

Twitch leaves messages of very fast chats out: what arrives is a sample.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import random
import ssl
import time
from contextlib import suppress
from typing import Final

from renderer.show.fans.chat import ChatCounter

USUAL_SERVER: Final = "irc.chat.twitch.tv:6697"
_SILENT_S: Final = 400.0
"""Seconds without a line after which the connection counts as lost; Twitch pings every 300."""
_PAUSES_S: Final = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Pauses before the next tries, seconds."""
_LINE_BYTES: Final = 8192
"""Longest line: 512 bytes of message after up to 4096 of tags, which are not asked for."""

_log = logging.getLogger(__name__)


async def read_chat(channel: str, server: str, chat: ChatCounter) -> None:
    """Read a channel's chat until cancelled; connect again whenever the connection is lost.

    Args:
        channel: without "#".
        server: HOST:PORT; without TLS on loopback.
        chat: counts the messages.
    """
    tries = 0
    while True:
        try:
            tries = 0 if await _read_once(channel, server, chat) else tries
            reason = "ended"
        except (OSError, TimeoutError, ValueError) as fault:
            reason = f"was lost ({fault})"
        pause = _PAUSES_S[min(tries, len(_PAUSES_S) - 1)]
        tries += 1
        _log.warning("The connection to the chat %s; the next try is in %.0f s", reason, pause)
        await asyncio.sleep(pause * (0.5 + random.random()))


async def _read_once(channel: str, server: str, chat: ChatCounter) -> bool:
    """Read until the server closes; return whether it sent anything."""
    host, _, port = server.rpartition(":")
    context = None if _is_loopback(host) else ssl.create_default_context()
    reader, writer = await asyncio.open_connection(host, int(port), ssl=context, limit=_LINE_BYTES)
    has_heard = False
    try:
        # The nick of a reader without an account; any number is accepted.
        nick = f"justinfan{random.randrange(10_000, 99_999)}"
        writer.write(f"NICK {nick}\r\nJOIN #{channel.lower()}\r\n".encode())
        while line := await asyncio.wait_for(reader.readline(), _SILENT_S):
            has_heard = True
            words = line.decode("utf-8", "replace").rstrip("\r\n").split(" ", 3)
            if words[0] == "PING":
                writer.write(f"PONG {' '.join(words[1:])}\r\n".encode())
            elif len(words) == 4 and words[1] == "PRIVMSG":
                chat.hear(words[0], words[3].removeprefix(":"), time.monotonic_ns())
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    return has_heard


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"
