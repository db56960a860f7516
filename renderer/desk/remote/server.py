"""Serve the crew page over HTTP, and follow and call the show over its websocket.

The token is in the page's address behind `#`, which browsers do not send: the page gives it in its
first message. Nothing is sent before that, and no picture or state is on an address of its own.
"""

from __future__ import annotations

import asyncio
import io
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec
from aiohttp import WSMsgType, web
from PIL import Image

from renderer.desk.connection import ShowConnection
from renderer.desk.remote.access import Access
from renderer.desk.remote.calls import LONGEST, Call, make_command
from renderer.desk.remote.digest import digest, outline
from renderer.errors import DeskError
from renderer.protocol.document import DocumentContent
from renderer.protocol.pictures import PROGRAM
from renderer.protocol.roles import Role
from renderer.protocol.show import ShowDocument

_POLL_S: Final = 0.05
_STATE_S: Final = 0.2
_PICTURE_S: Final = 0.25
"""Seconds between two states and two pictures of a page: a monitor for the crew, no stream."""
_PICTURE_WIDTH: Final = 640
_QUALITY: Final = 70
"""JPEG quality: some 40 kB a picture."""
_TOKEN_S: Final = 5.0
"""Seconds within which a page has to give its token."""
MOST_PAGES: Final = 32

_PAGES: Final = Path(__file__).resolve().parents[3] / "assets" / "web"
_FILES: Final = {
    "/": ("remote.html", "text/html"),
    "/remote.js": ("remote.js", "text/javascript"),
}
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'unsafe-inline'; img-src blob:; connect-src 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class _Page:
    """One connected page."""

    def __init__(self, socket: web.WebSocketResponse, role: Role) -> None:
        self.socket, self.role = socket, role
        self.sent = b""
        self.revision = -1
        self.is_sending = False


class RemoteServer:
    """Serves crew pages. Everything runs in one event loop.

    Args:
        show: followed and called.
        access: the tokens.
        operator: in whose name controller pages call, for the show's log and its roles.
    """

    def __init__(self, show: ShowConnection, access: Access, operator: str) -> None:
        self._show, self._access, self._operator = show, access, operator
        self._pages: set[_Page] = set()
        self._waiting: dict[int, _Page] = {}
        self._parse = msgspec.json.Decoder(Call).decode
        self._runner: web.AppRunner | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, bind: str, port: int) -> int:
        """Listen, and return the port.

        Raises:
            OSError, OverflowError: the address or port cannot be listened on.
        """
        app = web.Application()
        app.router.add_get("/follow", self._follow)
        for path in _FILES:
            app.router.add_get(path, self._send_file)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, bind, port).start()
        return int(self._runner.addresses[0][1])

    async def run(self, stopping: asyncio.Event) -> None:
        """Follow the show until stopped."""
        next_state = next_picture = 0.0
        while not stopping.is_set():
            self._show.poll()
            self._show.forget_pictures()
            await self._pass_replies()
            now = time.monotonic()
            if now >= next_state:
                next_state = now + _STATE_S
                self._send_all()
            if now >= next_picture and self._pages:
                next_picture = now + _PICTURE_S
                picture = self._show.picture(PROGRAM, *self._picture_size()).newest()
                if picture is not None:
                    data = await asyncio.to_thread(_encode, picture)
                    for page in self._pages:
                        self._send(page, data)
            await asyncio.sleep(_POLL_S)

    async def stop(self) -> None:
        """Close all pages."""
        for page in list(self._pages):
            with suppress(OSError):
                await page.socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def _picture_size(self) -> tuple[int, int]:
        """Return the size in which pages get the program, of its own shape."""
        status = self._show.status
        program = status.of(ShowDocument).program if status is not None else None
        if program is None or program.width <= 0:
            return _PICTURE_WIDTH, _PICTURE_WIDTH * 9 // 16
        return _PICTURE_WIDTH, round(_PICTURE_WIDTH * program.height / program.width / 2) * 2

    def _send_all(self) -> None:
        """Tell every page the state, if it has changed, and the document's outline."""
        status = self._show.status
        state = msgspec.json.encode({"state": digest(self._show.situation, status)})
        content = status.of(DocumentContent) if status is not None else DocumentContent()
        for page in self._pages:
            if page.revision != content.revision and self._send(
                page, msgspec.json.encode({"outline": outline(content)}).decode()
            ):
                page.revision = content.revision
            elif page.sent != state and self._send(page, state.decode()):
                page.sent = state

    def _send(self, page: _Page, data: str | bytes) -> bool:
        """Begin to send to a page; return whether it was free: a slow one misses messages."""
        if page.is_sending or page.socket.closed:
            return False
        page.is_sending = True
        task = asyncio.create_task(self._send_to(page, data))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _send_to(self, page: _Page, data: str | bytes) -> None:
        try:
            with suppress(OSError, RuntimeError):
                if isinstance(data, str):
                    await page.socket.send_str(data)
                else:
                    await page.socket.send_bytes(data)
        finally:
            page.is_sending = False

    async def _follow(self, request: web.Request) -> web.StreamResponse:
        """Serve one page until it is closed."""
        if not _is_own_origin(request) or len(self._pages) >= MOST_PAGES:
            return web.Response(status=403, text="not from here\n", headers=_HEADERS)
        socket = web.WebSocketResponse(max_msg_size=LONGEST, heartbeat=15.0)
        await socket.prepare(request)
        try:
            token = await socket.receive(_TOKEN_S)
        except TimeoutError:
            await socket.close()
            return socket
        role = self._access.find_role(token.data, request.remote or "")
        if role is None:
            await socket.close(code=4403, message=b"wrong token")
            return socket
        page = _Page(socket, role)
        await socket.send_str(msgspec.json.encode({"role": role.value}).decode())
        self._pages.add(page)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._call(page, message.data)
        finally:
            self._pages.discard(page)
        return socket

    async def _call(self, page: _Page, text: str) -> None:
        """Send the show the command of a press, if the page may."""
        try:
            command = make_command(self._parse(text))
        except (msgspec.DecodeError, UnicodeEncodeError):
            command = None
        if command is None:
            await self._reply(page, ok=False, text="This page has no such call.")
        elif page.role is not Role.CONTROL:
            await self._reply(page, ok=False, text="This page may look, not call.")
        elif not self._show.is_good:
            await self._reply(page, ok=False, text="No show answers.")
        else:
            try:
                number = self._show.post(msgspec.structs.replace(command, operator=self._operator))
            except DeskError as fault:
                await self._reply(page, ok=False, text=f"{fault}.")
            else:
                self._waiting[number] = page

    async def _pass_replies(self) -> None:
        for number, reply in self._show.replies():
            page = self._waiting.pop(number, None)
            if page is not None:
                await self._reply(page, ok=reply.ok, text=reply.text)
        while len(self._waiting) > 100:  # A show that died answers nothing.
            self._waiting.pop(next(iter(self._waiting)))

    async def _reply(self, page: _Page, *, ok: bool, text: str) -> None:
        with suppress(OSError, RuntimeError):
            await page.socket.send_str(
                msgspec.json.encode({"reply": {"ok": ok, "text": text}}).decode()
            )

    async def _send_file(self, request: web.Request) -> web.StreamResponse:
        name, kind = _FILES[request.path]
        text = (_PAGES / name).read_text(encoding="utf-8")
        return web.Response(text=text, content_type=kind, charset="utf-8", headers=_HEADERS)


def _is_own_origin(request: web.Request) -> bool:
    """Return whether no other site's page connects; programs without an origin need the token."""
    origin = request.headers.get("Origin")
    return origin is None or origin.partition("://")[2] == request.host


def _encode(picture: Any) -> bytes:
    """Return an RGB picture as JPEG."""
    data = io.BytesIO()
    Image.fromarray(picture).save(data, "JPEG", quality=_QUALITY)
    return data.getvalue()
