"""Answer guests who join, and pass their checked motion to the engine with playout times."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
from aiohttp import web
from aiortc import RTCDataChannel, RTCPeerConnection, RTCSessionDescription

from renderer.errors import CaptureError
from renderer.show.fans.limits import TokenBucket
from renderer.show.guests.clock import RemoteClock
from renderer.show.guests.exchange import (
    ANSWER,
    CHANNEL,
    OFFER,
    Answer,
    GuestData,
    GuestSettings,
    GuestState,
    Offer,
    Presence,
    ToEngine,
)
from renderer.show.guests.invitation import (
    GuestKey,
    InvitationTerms,
    authenticate,
    is_authentic,
)
from renderer.show.guests.packet import GuestMotion, Pong, decode, encode_ping
from renderer.show.guests.playout import PlayoutDelay
from renderer.show.guests.return_packet import Heard
from renderer.show.guests.return_sender import ReturnSender
from renderer.show.guests.voice_packet import GuestVoice
from renderer.show.guests.voice_playout import LEAD_NS, VoicePlayout
from renderer.show.guests.webrtc import configuration, limit_addresses
from renderer.transport.samples import SharedSamples, samples_path

MESSAGE_RATE, MESSAGE_BURST = 230.0, 460.0
"""Messages that a guest may send a second, and at once: twice what the program sends, which is 60
of motion, 50 of voice and 4 of the clock."""
_JOIN_RATE, _JOIN_BURST = 2.0, 10.0
"""Attempts to join a second, of all guests together."""
JOINING_S: Final = 15.0
"""Seconds in which a connection must open after its offer was answered."""
_MOST_BYTES: Final = 65_536
RETURN_S: Final = 0.01
"""Interval in seconds at which returns are sent: half a block."""
MOST_WAITING: Final = 16_384
"""Bytes that wait in a channel, a second of a return; newer sound is then left out."""
_STATE_S: Final = 0.25
"""Interval in seconds at which states are passed on and invitations are checked again."""
_SILENT_NS: Final = 3_000_000_000
"""Silence after which a guest counts as lost, nanoseconds; the connection may still return."""

_log: Final = logging.getLogger(__name__)


class GuestConnection:
    """One guest's place in the show; a newer connection of the same guest replaces an older one."""

    def __init__(
        self,
        name: str,
        send: Callable[[ToEngine], None],
        voice: VoicePlayout | None = None,
        back: ReturnSender | None = None,
    ) -> None:
        self.name = name
        self._voice, self._back = voice, back
        self.terms: InvitationTerms | None = None
        self.fault = ""
        self._send = send
        self._expected: list[tuple[float, RTCPeerConnection]] = []
        self._peer: RTCPeerConnection | None = None
        self._channel: RTCDataChannel | None = None
        self._bucket = TokenBucket(MESSAGE_RATE, MESSAGE_BURST)
        self._clock, self._delay = RemoteClock(), PlayoutDelay()
        self._joined = 0
        self._refused = 0
        self._heard_ns = 0

    def expect(self, peer: RTCPeerConnection, terms: InvitationTerms) -> None:
        """Use a new connection once its channel opens: a repeated offer of somebody else cannot
        complete the handshake, so it replaces nothing.
        """
        self._expected.append((time.monotonic(), peer))

        def use(channel: RTCDataChannel) -> None:
            if channel.label != CHANNEL or peer not in [one for _, one in self._expected]:
                return
            self._expected = [one for one in self._expected if one[1] is not peer]
            if self._peer is not None:
                self._expected.append((0.0, self._peer))
            self._peer, self._channel = peer, channel
            self.terms, self.fault = terms, ""
            self._clock, self._delay = RemoteClock(), PlayoutDelay()
            self._joined += 1
            if self._voice is not None:
                self._voice.restart()
            if self._back is not None:
                self._back.restart()
            channel.on("message", self._receive)

        peer.on("datachannel", use)

    async def close_expected(self, older_s: float = JOINING_S) -> None:
        """Close connections that have not opened in time, and replaced ones."""
        limit = time.monotonic() - older_s
        old = [peer for at, peer in self._expected if at <= limit]
        self._expected = [one for one in self._expected if one[0] > limit]
        for peer in old:
            await peer.close()

    async def leave(self, fault: str = "") -> None:
        """Close the connection, for a reason that the crew is shown."""
        await self.close_expected(0.0)
        peer, self._peer, self._channel = self._peer, None, None
        self.terms, self.fault = None, fault or self.fault
        if peer is not None:
            await peer.close()

    def request_clock(self) -> None:
        """Send a ping, if the channel is open."""
        if self._channel is not None and self._channel.readyState == "open":
            self._channel.send(encode_ping(time.monotonic_ns()))

    def send_return(self) -> None:
        """Send what the guest hears, if they have asked for it."""
        channel = self._channel
        if self._back is None or channel is None or channel.readyState != "open":
            return
        for message in self._back.messages():
            if channel.bufferedAmount <= MOST_WAITING:
                channel.send(message)

    def close(self) -> None:
        """Unmap the return's channel."""
        if self._back is not None:
            self._back.close()

    def state(self) -> GuestState:
        """Return the present state."""
        presence = Presence.AWAITED
        if self._heard_ns:
            is_fresh = time.monotonic_ns() - self._heard_ns < _SILENT_NS
            presence = Presence.CONNECTED if is_fresh and self._peer else Presence.LOST
        return GuestState(
            self.name,
            presence,
            self._delay.delay_ns * 1e-6,
            self._clock.round_trip_ns * 1e-6,
            self._refused,
            self.fault,
            0 if self._voice is None else self._voice.lost,
            self._find_way_ms(presence),
        )

    def _find_way_ms(self, presence: Presence) -> float:
        """Return the song's way to the guest and back; 0 if it is unknown, or the guest is gone."""
        way_ns = 0 if self._back is None else self._back.way_ns
        if presence is not Presence.CONNECTED or not way_ns:
            return 0.0
        return (way_ns + self._delay.delay_ns) * 1e-6

    def _receive(self, data: bytes | str) -> None:
        now_ns = time.monotonic_ns()
        if not isinstance(data, bytes) or not self._bucket.take(now_ns):
            self._refused += 1
            return
        try:
            message = decode(data)
        except CaptureError as fault:
            if not self._refused:
                _log.warning("guest %s: %s", self.name, fault)
            self._refused += 1
            return
        self._heard_ns = now_ns
        if self._voice is not None:
            self._voice.write_due(now_ns)
        if isinstance(message, Pong):
            self._clock.add(message.sent_ns, message.guest_ns, now_ns)
        elif isinstance(message, Heard) and self._back is not None:
            is_known = self._clock.is_known and message.guest_ns > 0
            self._back.note(message, self._clock.to_show(message.guest_ns) if is_known else None)
        elif isinstance(message, GuestMotion) and self._clock.is_known:
            due_ns = self._delay.place(self._clock.to_show(message.t_ns), now_ns)
            self._send(GuestData(self.name, self._joined, due_ns, data))
        elif isinstance(message, GuestVoice) and self._clock.is_known:
            # The delay waits for both, so that neither is late for the other.
            t_ns = self._clock.to_show(message.t_ns)
            due_ns = self._delay.place(t_ns, now_ns + LEAD_NS)
            if self._voice is not None:
                self._voice.take(message, due_ns, now_ns)


class GuestServer:
    """Listens for guests: POST /join with an Offer is answered with an Answer, or refused.

    Args:
        settings: of the show.
        key: of the studio.
        send: passes a message to the engine.
    """

    def __init__(
        self, settings: GuestSettings, key: GuestKey, send: Callable[[ToEngine], None]
    ) -> None:
        self._settings, self._key, self._send = settings, key, send
        self._samples = {} if settings.voices is None else _open_channels(settings)
        self._guests = {
            name: GuestConnection(name, send, self._open_voice(name), _open_return(settings, name))
            for name in settings.guests
        }
        self._joins = TokenBucket(_JOIN_RATE, _JOIN_BURST)
        self._runner: web.AppRunner | None = None
        limit_addresses(ipaddress.ip_address(settings.bind))

    async def start(self) -> str:
        """Listen, and return the address.

        Raises:
            OSError: the port cannot be listened on.
        """
        app = web.Application(client_max_size=_MOST_BYTES)
        app.router.add_post("/join", self._join)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._settings.bind, self._settings.port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def serve(self, is_over: Callable[[], bool]) -> None:
        """Ask clocks, pass states on and check invitations until the show is over."""
        due = 0.0
        while not is_over():
            now = time.monotonic()
            if now >= due:
                due = now + _STATE_S
                for guest in self._guests.values():
                    await self._check(guest)
                    self._send(guest.state())
                    guest.request_clock()
                    await guest.close_expected()
            for guest in self._guests.values():
                guest.send_return()
            await asyncio.sleep(RETURN_S)

    async def stop(self) -> None:
        """Disconnect every guest and stop listening."""
        for guest in self._guests.values():
            await guest.leave()
            guest.close()
        if self._runner is not None:
            await self._runner.cleanup()
        for samples in self._samples.values():
            samples.close()

    def _open_voice(self, name: str) -> VoicePlayout | None:
        samples = self._samples.get(name)
        return None if samples is None else VoicePlayout(samples)

    async def _check(self, guest: GuestConnection) -> None:
        terms = guest.terms
        if terms is None:
            return
        fault = self._key.refuse(terms, self._settings.show, time.time())
        if fault:
            await guest.leave(fault)

    async def _join(self, request: web.Request) -> web.Response:
        if not self._joins.take(time.monotonic_ns()):
            return web.Response(status=429, text="too many guests join at once; try again")
        try:
            offer = msgspec.json.decode(await request.read(), type=Offer)
        except msgspec.MsgspecError as fault:
            return web.Response(status=400, text=f"this is no offer of a guest ({fault})")
        terms = offer.terms
        secret = self._key.secret(terms)
        if not is_authentic(secret, OFFER, offer.sdp, offer.code):
            return web.Response(status=403, text="the invitation is not of this studio")
        guest = self._guests.get(terms.guest)
        if guest is None:
            return web.Response(status=403, text=f"this show awaits no guest {terms.guest}")
        refusal = self._key.refuse(terms, self._settings.show, time.time())
        if refusal:
            guest.fault = refusal
            return web.Response(status=403, text=refusal)
        try:
            peer = RTCPeerConnection(configuration(terms.ice))
        except CaptureError as fault:
            return web.Response(status=400, text=str(fault))
        try:
            await peer.setRemoteDescription(RTCSessionDescription(offer.sdp, "offer"))
            guest.expect(peer, terms)
            await peer.setLocalDescription(await peer.createAnswer())
        except Exception as fault:  # noqa: BLE001 - whatever a stranger's text makes the library do
            _log.warning("guest %s: the offer cannot be used: %s", terms.guest, fault)
            await peer.close()
            return web.Response(status=400, text="the offer cannot be used")
        sdp = peer.localDescription.sdp
        body = msgspec.json.encode(Answer(sdp, authenticate(secret, ANSWER, sdp)))
        return web.Response(body=body, content_type="application/json")


def _open_channels(settings: GuestSettings) -> dict[str, SharedSamples]:
    """Return the guests' channels to the mixer.

    Raises:
        OutputError: one cannot be created.
    """
    folder = Path(settings.voices or "")
    return {name: SharedSamples.create(samples_path(folder, name)) for name in settings.guests}


def _open_return(settings: GuestSettings, name: str) -> ReturnSender | None:
    """Return what sends a guest their return; None for a show without voices."""
    return None if settings.voices is None else ReturnSender(Path(settings.voices), name)
