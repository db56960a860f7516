"""Run the guests' server as a process of its own, which may die without the show stopping."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from renderer.errors import CaptureError
from renderer.processes.child import Child
from renderer.show.guests.exchange import GuestSettings, ToEngine, encode_to_engine
from renderer.show.guests.invitation import GuestKey


def run(child: Child, settings: GuestSettings, sink: Connection) -> None:
    """Serve guests until the show ends or closes the process.

    Args:
        child: this process; reports the address when it is ready.
        settings: of the show.
        sink: pipe to the engine.

    Raises:
        CaptureError: WebRTC is not installed, or the port cannot be listened on.
    """
    key = GuestKey(None if settings.folder is None else Path(settings.folder))
    asyncio.run(_serve(child, settings, key, sink))


async def _serve(child: Child, settings: GuestSettings, key: GuestKey, sink: Connection) -> None:
    try:
        from renderer.show.guests.server import GuestServer
    except ImportError as fault:
        raise CaptureError(
            "Guests", "need WebRTC, which is not installed", "pip install encore-renderer[webrtc]"
        ) from fault

    def send(message: ToEngine) -> None:
        with suppress(OSError):  # The engine is gone, and this process ends with it.
            sink.send_bytes(encode_to_engine(message))

    server = GuestServer(settings, key, send)
    try:
        address = await server.start()
    except (OSError, OverflowError) as fault:
        raise CaptureError(
            f"The guests' port {settings.port} of {settings.bind}",
            f"cannot be listened on ({fault.strerror if isinstance(fault, OSError) else fault})",
            "choose another --guests ADDRESS:PORT",
        ) from fault
    child.ready(address)
    try:
        await server.serve(child.stopping.is_set)
    finally:
        await server.stop()
        sink.close()
