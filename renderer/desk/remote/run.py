"""Run the crew pages until interrupted."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import closing

from renderer.desk.connection import ShowConnection
from renderer.desk.remote.access import Access
from renderer.desk.remote.addresses import reachable_hosts
from renderer.desk.remote.server import RemoteServer
from renderer.errors import DeskError
from renderer.protocol.roles import Role


def run_remote(
    session: str | None, bind: str, port: int, operator: str, notify: Callable[[str], None]
) -> None:
    """Serve crew pages of a running show.

    Args:
        session: name of the show's session; None for the newest one.
        bind: address of this machine to listen on.
        port: 0 for any free one.
        operator: in whose name controller pages call.
        notify: called with each line for the crew.

    Raises:
        DeskError: the address or port cannot be listened on.
    """
    asyncio.run(_run(session, bind, port, operator, notify))


async def _run(
    session: str | None, bind: str, port: int, operator: str, notify: Callable[[str], None]
) -> None:
    access = Access()
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    with closing(ShowConnection(session)) as show:
        server = RemoteServer(show, access, operator)
        try:
            used = await server.start(bind, port)
        except (OSError, OverflowError) as fault:
            await server.stop()
            raise DeskError(
                f"port {port} of {bind}",
                f"cannot be listened on ({getattr(fault, 'strerror', None) or fault})",
                "name another --port, or an address of this machine as --bind",
            ) from fault
        host, *others = reachable_hosts(bind)
        notify(f"To look:  http://{host}:{used}/#{access.tokens[Role.VIEW]}")
        notify(f"To call:  http://{host}:{used}/#{access.tokens[Role.CONTROL]}")
        if others:
            notify(f"This machine is also {', '.join(others)}: use the crew's own network.")
        try:
            await server.run(stopping)
        finally:
            await server.stop()
