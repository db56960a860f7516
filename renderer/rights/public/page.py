"""Serve the page on which anybody checks a file, on this machine alone.

The file goes to this process over the loopback interface, into a private temporary file that is
deleted when the answer is given. The page loads nothing from elsewhere. Requests of other sites'
pages, and of names that only resolve to this machine, are refused.
"""

from __future__ import annotations

import asyncio
import signal
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec
from aiohttp import web

from renderer.errors import RendererError, RightsError
from renderer.rights.provenance.credentials import FORMATS
from renderer.rights.public.answer import DOCUMENT, FileAnswer, answer_file, describe_fault
from renderer.rights.scan import PICTURES

ADDRESS: Final = "127.0.0.1"
MOST_BYTES: Final = 4 << 30
"""Largest file that is checked."""
UPLOAD_S: Final = 600.0
"""Time that a file may take to arrive, seconds."""

_KINDS: Final = PICTURES | frozenset(FORMATS) | {DOCUMENT}
_PAGES: Final = Path(__file__).resolve().parents[3] / "assets" / "web"
_FILES: Final = {
    "/": ("verify.html", "text/html"),
    "/verify.js": ("verify.js", "text/javascript"),
}
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class _Reply(msgspec.Struct):
    """What the page gets: an answer with lines, or a fault alone."""

    answer: str = ""
    lines: tuple[str, ...] = ()
    fault: str = ""


class VerifyPage:
    """Serves the page. Everything but the checking runs in one event loop.

    Args:
        check: answers for a file, in a thread.
    """

    def __init__(self, check: Callable[[Path], FileAnswer] = answer_file) -> None:
        self._check = check
        self._turn = asyncio.Lock()
        self._hosts: frozenset[str] = frozenset()

    @asynccontextmanager
    async def serve(self, port: int) -> AsyncIterator[str]:
        """Listen until the context ends, and give the page's address.

        Raises:
            RightsError: the port cannot be listened on.
        """
        app = web.Application()
        for path in _FILES:
            app.router.add_get(path, self._send_file)
        app.router.add_post("/check", self._answer)
        runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await runner.setup()
        try:
            used = await _listen(runner, port)
            self._hosts = frozenset({f"{ADDRESS}:{used}", f"localhost:{used}"})
            yield f"http://{ADDRESS}:{used}/"
        finally:
            await runner.cleanup()

    async def _send_file(self, request: web.Request) -> web.Response:
        if request.host not in self._hosts:
            return _refuse()
        name, kind = _FILES[request.path]
        text = (_PAGES / name).read_text(encoding="utf-8")
        return web.Response(text=text, content_type=kind, charset="utf-8", headers=_HEADERS)

    async def _answer(self, request: web.Request) -> web.Response:
        """Check the file in a request's body; one at a time, since each takes a processor."""
        if request.host not in self._hosts or not self._is_own_origin(request):
            return _refuse()
        name = Path(request.query.get("name", "").replace("\\", "/")).name[:200]
        ending = Path(name).suffix.lower()
        if ending not in _KINDS:
            return _reply(_Reply(fault=f"{name or 'The file'} is no video, picture or evidence"))
        with tempfile.TemporaryDirectory(prefix="encore-verify-") as folder:
            path = Path(folder) / f"file{ending}"
            try:
                async with asyncio.timeout(UPLOAD_S):
                    is_whole = await _receive(request, path)
            except TimeoutError:
                is_whole = False
            if not is_whole:
                return _reply(_Reply(fault=f"{name} is too large to be checked here"))
            async with self._turn:
                return _reply(await asyncio.to_thread(self._answer_for, path, name))

    def _answer_for(self, path: Path, name: str) -> _Reply:
        try:
            found = self._check(path)
        except RightsError as fault:
            return _Reply(fault=describe_fault(fault, name))
        except (RendererError, ValueError, ArithmeticError, MemoryError) as fault:
            # A damaged file that a decoder stumbles over ends neither the page nor its process.
            return _Reply(fault=f"{name} cannot be read ({type(fault).__name__})")
        return _Reply(found.answer.value, tuple(line.strip() for line in found.lines))

    def _is_own_origin(self, request: web.Request) -> bool:
        """Return whether a request comes from this page; browsers tell the origin of each POST."""
        origin = request.headers.get("Origin", "")
        return origin.removeprefix("http://") in self._hosts and origin.startswith("http://")


def run_page(port: int, notify: Callable[[str], None]) -> None:
    """Serve the page until interrupted.

    Raises:
        RightsError: the port cannot be listened on.
    """

    async def run() -> None:
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            # Windows' loops have no signal handlers; there Ctrl-C raises KeyboardInterrupt.
            with suppress(NotImplementedError):
                loop.add_signal_handler(number, stopping.set)
        async with VerifyPage().serve(port) as address:
            notify(f"Open {address} and drop a file on it. Ctrl-C ends it.")
            await stopping.wait()

    with suppress(KeyboardInterrupt):
        asyncio.run(run())


async def _listen(runner: web.AppRunner, port: int) -> int:
    try:
        await web.TCPSite(runner, ADDRESS, port).start()
    except OSError as fault:
        raise RightsError(
            f"port {port}", f"cannot be listened on ({fault.strerror})", "choose another --port"
        ) from fault
    return int(runner.addresses[0][1])


async def _receive(request: web.Request, path: Path) -> bool:
    """Write a request's body to a file; return whether all of it fits."""
    size = 0
    with path.open("wb") as file:
        async for part in request.content.iter_chunked(1 << 20):
            size += len(part)
            if size > MOST_BYTES:
                return False
            file.write(part)
    return True


def _reply(reply: _Reply) -> web.Response:
    body = msgspec.json.encode(reply)
    return web.Response(body=body, content_type="application/json", headers=_HEADERS)


def _refuse() -> web.Response:
    return web.Response(status=403, text="not from here\n", headers=_HEADERS)
