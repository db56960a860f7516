"""Serve the fans' page, and receive votes from it and summaries from other servers.

    GET  /         the page
    GET  /code.svg a QR code of its address
    GET  /state    what may be voted on, for other servers
    GET  /votes    a websocket: one vote a message; the server tells what may be voted on
    POST /summary  another server's OutsideSummary, signed

No name, text or address of a fan is kept or logged.
"""

from __future__ import annotations

import asyncio
import io
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec
import segno
from aiohttp import WSMsgType, web

from renderer.show.fans.limits import TokenBucket
from renderer.show.fans.records import (
    GESTURES,
    MESSAGE_BYTES,
    FansSettings,
    FansState,
    OutsideSummary,
    Vote,
)
from renderer.show.fans.signature import SignatureVerifier
from renderer.show.fans.tally import Fan, VoteTally

FAN_RATE, FAN_BURST = 2.0, 6.0
"""Votes that one fan may send a second, and at once: as fast as one taps on a beat."""
ROOM_RATE: Final = 5000.0
"""Votes a second of all fans together; at more the page tells them that the hall is full."""
SUMMARY_RATE: Final = 20.0
"""Summaries a second of all other servers together."""
_JOIN_RATE, _JOIN_BURST = 20.0, 200.0
"""Connections that one address may open a second, and at once: a hall's fans share one."""
_MOST_BAD: Final = 10
"""Malformed messages after which a connection is closed."""
_SUMMARY_BYTES: Final = 4096
_MOST_ADDRESSES: Final = 20_000

_PAGES: Final = Path(__file__).resolve().parents[3] / "assets" / "web"
_FILES: Final = {
    "/": ("fans.html", "text/html"),
    "/fans.js": ("fans.js", "text/javascript"),
}
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; style-src 'unsafe-inline'; connect-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class FansServer:
    """The endpoint; everything in it runs in one event loop.

    Args:
        settings: of the show.
        key: of signed summaries; empty refuses them.
        tally: counts the votes.
    """

    def __init__(self, settings: FansSettings, key: bytes, tally: VoteTally) -> None:
        self._settings, self._tally = settings, tally
        self._verifier = SignatureVerifier(key) if key else None
        self._room = TokenBucket(ROOM_RATE, ROOM_RATE)
        self._summaries = TokenBucket(SUMMARY_RATE, SUMMARY_RATE)
        self._per_address: Counter[str] = Counter()
        self._joins: dict[str, TokenBucket] = {}
        self._sockets: set[web.WebSocketResponse] = set()
        self._address = settings.address
        self.state = FansState()
        self._parse_vote = msgspec.json.Decoder(Vote).decode
        self._parse_summary = msgspec.json.Decoder(OutsideSummary).decode
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listen, and return the page's address on this machine.

        Raises:
            OSError: the address or port cannot be listened on.
        """
        app = web.Application(client_max_size=_SUMMARY_BYTES)
        app.router.add_get("/votes", self._serve_votes)
        app.router.add_post("/summary", self._take_summary)
        app.router.add_get("/state", self._send_state)
        app.router.add_get("/code.svg", self._draw_code)
        for path in _FILES:
            app.router.add_get(path, self._send_file)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._settings.bind, self._settings.port, backlog=1024)
        await site.start()
        port = self._runner.addresses[0][1]
        host = self._settings.bind
        own = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
        self._address = self._settings.address or own
        return own

    async def stop(self) -> None:
        """Close all connections."""
        for socket in list(self._sockets):
            with suppress(OSError):
                await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def change_state(self, state: FansState) -> None:
        """Tell all fans what may be voted on now."""
        self.state = state
        self._tally.open_poll(state.poll, len(state.choices))
        text = self._describe_state()
        for number, socket in enumerate(list(self._sockets)):
            with suppress(OSError, RuntimeError):
                await socket.send_str(text)
            if number % 100 == 99:
                await asyncio.sleep(0)

    def _describe_state(self) -> str:
        colors = [{"name": one.name, "rgb": one.rgb} for one in self._settings.colors]
        return msgspec.json.encode(
            {
                "title": self._settings.title,
                "colors": colors,
                "gestures": [one.value for one in GESTURES],
                "on": self.state.is_on,
                "poll": self.state.poll,
                "question": self.state.question,
                "choices": self.state.choices,
            }
        ).decode()

    async def _serve_votes(self, request: web.Request) -> web.StreamResponse:
        """Receive one fan's votes until the connection is closed."""
        address = self._find_address(request)
        if not self._may_connect(request):
            return _refuse(403, "this page may not vote here")
        if (
            len(self._sockets) >= self._settings.most
            or self._per_address[address] >= self._settings.per_address
            or not self._may_join(address)
        ):
            self._tally.refused += 1
            return _refuse(503, "the hall is full; try again in a minute")
        socket = web.WebSocketResponse(
            compress=False, max_msg_size=MESSAGE_BYTES, heartbeat=30.0, autoping=True
        )
        await socket.prepare(request)
        self._per_address[address] += 1
        self._sockets.add(socket)
        fan = self._tally.join()
        bucket = TokenBucket(FAN_RATE, FAN_BURST)
        bad = sent_ns = 0
        try:
            await socket.send_str(self._describe_state())
            async for message in socket:
                now_ns = time.monotonic_ns()
                if not bucket.take(now_ns) or not self._room.take(now_ns):
                    self._tally.refused += 1
                    if now_ns - sent_ns > 1_000_000_000:
                        sent_ns = now_ns
                        await socket.send_str('{"slow":true}')
                    continue
                if not self._count(fan, message.data, message.type, now_ns):
                    self._tally.refused += 1
                    bad += 1
                    if bad >= _MOST_BAD:
                        await socket.close()
        finally:
            self._tally.leave(fan)
            self._sockets.discard(socket)
            self._per_address[address] -= 1
            if not self._per_address[address]:
                del self._per_address[address]
        return socket

    def _count(self, fan: Fan, data: object, kind: WSMsgType, now_ns: int) -> bool:
        """Count a message; return whether it is a vote on what there is."""
        if kind is not WSMsgType.TEXT or not isinstance(data, str):
            return False
        try:
            vote = self._parse_vote(data)
        except (msgspec.DecodeError, UnicodeEncodeError):
            return False
        return self._tally.count(fan, vote, now_ns)

    async def _take_summary(self, request: web.Request) -> web.Response:
        """Take another server's summary."""
        if self._verifier is None:
            return _refuse(403, "this show takes no summaries; its document has no fans.key")
        if not self._summaries.take(time.monotonic_ns()):
            return _refuse(429, "too many summaries; send one a second")
        body = await request.read()
        time_s = request.headers.get("X-Encore-Time", "")
        signature = request.headers.get("X-Encore-Signature", "")
        if not self._verifier.is_valid(time_s, body, signature, time.time()):
            self._tally.refused += 1
            return _refuse(403, "the signature is not this show's, too old, or used already")
        try:
            summary = self._parse_summary(body)
        except msgspec.DecodeError as fault:
            self._tally.refused += 1
            return _refuse(400, f"the summary cannot be read: {fault}")
        if not self._tally.count_outside(summary, time.monotonic_ns()):
            self._tally.refused += 1
            return _refuse(400, "the summary's numbers do not fit each other or this show")
        return web.Response(status=204)

    async def _send_state(self, _request: web.Request) -> web.Response:
        return web.Response(text=self._describe_state(), content_type="application/json")

    async def _draw_code(self, _request: web.Request) -> web.Response:
        image = io.BytesIO()
        segno.make(self._address, error="m").save(image, kind="svg", scale=8, border=4)
        return web.Response(body=image.getvalue(), content_type="image/svg+xml", headers=_HEADERS)

    async def _send_file(self, request: web.Request) -> web.StreamResponse:
        name, kind = _FILES[request.path]
        text = (_PAGES / name).read_text(encoding="utf-8")
        return web.Response(text=text, content_type=kind, charset="utf-8", headers=_HEADERS)

    def _find_address(self, request: web.Request) -> str:
        """Return the address that a request comes from: the proxy's word, if it is a known one."""
        remote = request.remote or ""
        if remote in self._settings.proxies:
            return request.headers.get("X-Forwarded-For", remote).rpartition(",")[2].strip()
        return remote

    def _may_connect(self, request: web.Request) -> bool:
        """Return whether the page that connects is this server's or a known one.

        A browser sends its page's origin; programs without one may connect, since they could send
        any.
        """
        origin = request.headers.get("Origin")
        if origin is None or origin in self._settings.origins:
            return True
        own = (
            {urlsplit(self._address).netloc, request.host} if self._has_own_host(request) else set()
        )
        return urlsplit(origin).netloc in own

    def _has_own_host(self, request: web.Request) -> bool:
        """Return whether the Host header is an address or the page's name: no other site's name
        that was pointed at this machine (DNS rebinding).
        """
        host = urlsplit(f"//{request.host}").hostname or ""
        known = urlsplit(self._address).hostname
        return host in ("localhost", known) or not any(each.isalpha() for each in host)

    def _may_join(self, address: str) -> bool:
        if len(self._joins) >= _MOST_ADDRESSES:
            self._joins.clear()
        bucket = self._joins.setdefault(address, TokenBucket(_JOIN_RATE, _JOIN_BURST))
        return bucket.take(time.monotonic_ns())


def _refuse(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=f"{text}\n", headers=_HEADERS)
