"""Hold a WebRTC connection to a WHIP server, in an event loop's thread.

Packets are handed on as they are: aiortc's own encoder is limited to 30 frames and 3 Mbit a second.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

import aiohttp
import av
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.exceptions import InvalidAccessError, InvalidStateError

from renderer.output.sinks.transport import TransportError
from renderer.output.whip_address import WhipAddress

_ANSWER_S: Final = 5.0
"""Seconds for the server's answer, and again for the connection."""
_REPORT_EVERY_S: Final = 0.25
_WAITING: Final = 600
"""Packets that wait in a track at most; they leave at once unless this process gets no time."""
_REFUSALS: Final = {
    401: "the server refused the stream; its token may be wrong or missing",
    403: "the server refused the stream; its token may be wrong",
    404: "the server has no WHIP endpoint at this address",
    405: "the server has no WHIP endpoint at this address",
}
_BASELINE: Final = "42e01f"
"""H.264's constrained baseline profile, which every WebRTC receiver knows (RFC 7742)."""

if TYPE_CHECKING:
    MediaPacket = av.Packet[av.stream.Stream]


class PacketTrack(MediaStreamTrack):
    """A track of packets that are encoded already."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self._packets: asyncio.Queue[MediaPacket] = asyncio.Queue(_WAITING)

    def put(self, packet: MediaPacket) -> None:
        """Queue a packet, in the loop's thread; drop it if there is no room."""
        with suppress(asyncio.QueueFull):
            self._packets.put_nowait(packet)

    async def recv(self) -> MediaPacket:
        """Return the next packet."""
        return await self._packets.get()


class WhipSession:
    """A connection. All methods run in the loop's thread.

    Args:
        address: with its token filled in.
        request_keyframe: called when the server asks for a keyframe.

    Attributes:
        reported_s: monotonic time of the server's last report.
        fault: why the connection is lost; empty while it is not.
    """

    def __init__(self, address: WhipAddress, request_keyframe: Callable[[], None]) -> None:
        self._address, self._request_keyframe = address, request_keyframe
        # No STUN server: WHIP servers are reachable, and answer to where packets come from.
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.video, self.audio = PacketTrack("video"), PacketTrack("audio")
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_ANSWER_S))
        self._resource = ""
        self._watch: asyncio.Task[None] | None = None
        self.reported_s = time.monotonic()
        self.fault = ""

    async def connect(self) -> None:
        """Set the stream up, and wait until packets can be sent.

        Raises:
            TransportError: the server does not answer, or refuses.
        """
        video = self._peer.addTransceiver(self.video, direction="sendonly")
        audio = self._peer.addTransceiver(self.audio, direction="sendonly")
        video.setCodecPreferences(
            [
                codec
                for codec in RTCRtpSender.getCapabilities("video").codecs
                if codec.parameters.get("profile-level-id") == _BASELINE
            ]
        )
        audio.setCodecPreferences(
            [
                codec
                for codec in RTCRtpSender.getCapabilities("audio").codecs
                if codec.mimeType == "audio/opus"
            ]
        )
        connected = asyncio.Event()

        def note_state() -> None:
            state = self._peer.connectionState
            if state == "connected":
                connected.set()
            elif state in ("failed", "closed"):
                self.fault = f"the connection has {'failed' if state == 'failed' else 'ended'}"

        self._peer.on("connectionstatechange", note_state)
        # aiortc has no event for a server's request for a keyframe (PLI, FIR): its encoder would
        # serve it, which is not used here.
        video.sender._send_keyframe = self._request_keyframe  # type: ignore[method-assign]
        await self._peer.setLocalDescription(await self._peer.createOffer())
        answer = await self._post(self._peer.localDescription.sdp)
        try:
            await self._peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        except (ValueError, KeyError, IndexError, InvalidAccessError, InvalidStateError) as fault:
            raise TransportError(f"the server's answer cannot be used ({fault})") from fault
        try:
            await asyncio.wait_for(connected.wait(), _ANSWER_S)
        except TimeoutError as late:
            raise TransportError(
                self.fault or f"no connection by ICE and DTLS within {_ANSWER_S:.0f} s"
            ) from late
        self.reported_s = time.monotonic()
        self._watch = asyncio.create_task(self._watch_reports(video.sender))

    async def close(self) -> None:
        """End the stream: tell the server, and close the connection."""
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        if self._resource:
            with suppress(aiohttp.ClientError, TimeoutError, OSError):
                async with self._http.delete(self._resource, headers=self._headers):
                    pass
        await self._http.close()
        await self._peer.close()

    @property
    def _headers(self) -> dict[str, str]:
        token = self._address.token
        return {"Authorization": f"Bearer {token}"} if token else {}

    async def _post(self, offer: str) -> str:
        """Send the offer, and return the server's answer.

        Raises:
            TransportError: it does not come, or is a refusal.
        """
        headers = self._headers | {"Content-Type": "application/sdp"}
        try:
            async with self._http.post(self._address.url, data=offer, headers=headers) as reply:
                if reply.status != 201:
                    why = _REFUSALS.get(reply.status, f"the server answered HTTP {reply.status}")
                    raise TransportError(why)
                location = reply.headers.get("Location", "")
                self._resource = urljoin(str(reply.url), location) if location else ""
                return await reply.text()
        except aiohttp.ClientConnectorCertificateError as fault:
            raise TransportError("the server's certificate is expired or not trusted") from fault
        except aiohttp.ClientSSLError as fault:
            raise TransportError("the server does not speak TLS as it should") from fault
        except aiohttp.ClientConnectorDNSError as fault:
            raise TransportError("its host is unknown") from fault
        except aiohttp.ClientConnectorError as fault:
            raise TransportError("no server takes connections there") from fault
        except TimeoutError as late:
            raise TransportError(f"no answer within {_ANSWER_S:.0f} s") from late
        except (aiohttp.ClientError, UnicodeDecodeError) as fault:
            raise TransportError(f"the server's answer cannot be read ({fault})") from fault

    async def _watch_reports(self, sender: Any) -> None:
        """Note when the server's reports come: UDP tells of no lost server."""
        newest = None
        while True:
            for entry in (await sender.getStats()).values():
                if entry.type == "remote-inbound-rtp" and entry.timestamp != newest:
                    newest = entry.timestamp
                    self.reported_s = time.monotonic()
            await asyncio.sleep(_REPORT_EVERY_S)
