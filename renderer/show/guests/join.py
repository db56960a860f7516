"""Perform as a guest: capture and solve on this machine, send motion to the show, and the voice.

No picture or landmark of the performer leaves this machine; the voice does only if a microphone is
named.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import msgspec
from aiortc import RTCDataChannel, RTCPeerConnection, RTCSessionDescription

from renderer.capture.process.process import CaptureProcess
from renderer.capture.records import Observation
from renderer.capture.sources.address import is_animation
from renderer.errors import CaptureError
from renderer.motion.core.sources import Source
from renderer.motion.performance import Performance
from renderer.processes.backoff import Backoff
from renderer.show.guests.exchange import ANSWER, CHANNEL, MAX_SDP, OFFER, Answer, Offer
from renderer.show.guests.invitation import Invitation, authenticate, is_authentic
from renderer.show.guests.packet import RATE, Ping, decode, encode_motion, encode_pong
from renderer.show.guests.return_packet import encode_heard
from renderer.show.guests.return_player import ReturnPlayer
from renderer.show.guests.voice_packet import GuestVoice
from renderer.show.guests.voice_source import VoiceSource
from renderer.show.guests.webrtc import configuration, limit_addresses
from renderer.show.inputs.animation_feed import AnimationFeed
from renderer.show.inputs.feed import CaptureFeed, Feed
from renderer.show.timing import StageTimes

_SILENT_NS: Final = 300_000_000
"""Nanoseconds without a picture after which nobody is seen."""
_MOST_WAITING: Final = 16_384
"""Bytes that wait in the channel, about half a second; newer motion is then skipped."""
_AGES: Final = 180
"""Motions whose median age is the picture's delay: three seconds."""
_REPORT_S: Final = 0.25
"""Interval in seconds of the reports to the show when its return is heard."""
_ANSWER_S: Final = 10.0
_OPEN_S: Final = 15.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _CALM_S = 0.5, 5.0, 10.0
"""Back-off before joining again, seconds; see Backoff."""

Notify = Callable[[str], None]


class RefusedError(CaptureError):
    """The show does not accept the invitation; trying again does not help."""


class GuestPerformer:
    """Solves an input of this machine into motion at the present time.

    Args:
        spec: camera, video file or animation.
        voice: of the performer; closed with the input. None sends motion alone.
        back: plays the show's return; closed likewise. None hears nothing.
    """

    def __init__(
        self, spec: str, voice: VoiceSource | None = None, back: ReturnPlayer | None = None
    ) -> None:
        self.voice, self.back = voice, back
        self._ages: deque[int] = deque(maxlen=_AGES)
        self._performance = Performance()
        self._feed: Feed = (
            AnimationFeed(Path(spec), live=True)
            if is_animation(spec)
            else CaptureFeed(lambda: CaptureProcess(spec, True), StageTimes(), live=True)
        )
        self._seen_ns = 0
        self._number = 0

    @property
    def has_ended(self) -> bool:
        """Return whether a file has been played to its end."""
        return self._feed.ended

    def next_message(self) -> bytes:
        """Return the motion of now as a message."""
        now_ns = time.monotonic_ns()
        for entry in self._feed.until(now_ns):
            if isinstance(entry.record, Observation):
                self._seen_ns = max(self._seen_ns, entry.t_ns)
            self._performance.push(entry.source, entry.record)
        if self._seen_ns and now_ns - self._seen_ns > _SILENT_NS:
            nobody = Observation(now_ns - _SILENT_NS, 0, (1, 1))
            self._performance.push(Source.CAMERA, nobody)
        age_ns = now_ns - self._seen_ns if self._seen_ns else 0
        self._ages.append(age_ns)
        if self.voice is not None:
            self.voice.note_age(age_ns)
        motion = replace(self._performance.at(now_ns), t_seen_ns=now_ns)
        self._number += 1
        return encode_motion(motion, self._number - 1)

    @property
    def age_ns(self) -> int:
        """Return the median age of what the motion shows, nanoseconds."""
        ages = sorted(self._ages)
        return ages[len(ages) // 2] if ages else 0

    def close(self) -> None:
        """Close input, microphone and return."""
        self._feed.close()
        if self.back is not None:
            self.back.close()
        if self.voice is not None:
            self.voice.close()


def perform(
    invitation: Invitation,
    spec: str,
    notify: Notify,
    microphone: str = "",
    channel: int = 1,
    back: str = "",
) -> None:
    """Perform as a guest until the input ends or the user stops; join again when cut off.

    Args:
        invitation: from the show's crew.
        spec: camera, video file or animation.
        notify: is given a sentence at each change.
        microphone, channel: of the voice; no voice is sent if it is empty.
        back: output that plays the show's return; nothing is heard if it is empty.

    Raises:
        RendererError: the input cannot be opened, or the show refuses the invitation.
    """
    voice = VoiceSource(microphone, channel) if microphone else None
    performer = GuestPerformer(spec, voice, ReturnPlayer(back) if back else None)
    try:
        asyncio.run(_keep_joined(invitation, performer, notify))
    finally:
        performer.close()


async def _keep_joined(invitation: Invitation, performer: GuestPerformer, notify: Notify) -> None:
    host = urlsplit(invitation.terms.address).hostname or ""
    if _is_loopback(host):
        limit_addresses(ipaddress.ip_address("::1" if ":" in host else "127.0.0.1"))
    backoff = Backoff(_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _CALM_S)
    while not performer.has_ended:
        began = time.monotonic()
        peer = RTCPeerConnection(configuration(invitation.terms.ice))
        try:
            channel = await _join(invitation, peer, performer.back)
            notify(f"On stage as {invitation.terms.guest}; stop with Ctrl+C")
            await _send(channel, performer, notify)
        except (OSError, aiohttp.ClientError, TimeoutError) as fault:
            notify(f"The show at {invitation.terms.address} does not answer ({_describe(fault)})")
        finally:
            await peer.close()
        if not performer.has_ended:
            await asyncio.sleep(backoff.pause_after(time.monotonic() - began))


async def _join(
    invitation: Invitation, peer: RTCPeerConnection, back: ReturnPlayer | None = None
) -> RTCDataChannel:
    """Return an open channel to the show.

    Raises:
        RefusedError: the show refuses the invitation, or is another studio's.
        TimeoutError: no connection could be made.
    """
    terms, secret = invitation.terms, bytes.fromhex(invitation.secret)
    channel = peer.createDataChannel(CHANNEL, ordered=False, maxRetransmits=0)
    opened = asyncio.Event()
    channel.on("open", opened.set)

    def take(data: bytes | str) -> None:
        message = decode(data) if isinstance(data, bytes) else None
        if isinstance(message, Ping):
            channel.send(encode_pong(message.sent_ns, time.monotonic_ns()))
        elif isinstance(message, GuestVoice) and back is not None:
            back.take(message)

    channel.on("message", take)
    await peer.setLocalDescription(await peer.createOffer())
    sdp = peer.localDescription.sdp
    offer = Offer(terms, sdp, authenticate(secret, OFFER, sdp))
    answer = await _post(f"{terms.address.rstrip('/')}/join", msgspec.json.encode(offer))
    if not is_authentic(secret, ANSWER, answer.sdp, answer.code):
        raise RefusedError(
            f"The show at {terms.address}",
            "is not the one that sent the invitation",
            "ask the studio for another invitation: encore guest invite",
        )
    await peer.setRemoteDescription(RTCSessionDescription(answer.sdp, "answer"))
    async with asyncio.timeout(_OPEN_S):
        await opened.wait()
    return channel


async def _post(address: str, body: bytes) -> Answer:
    timeout = aiohttp.ClientTimeout(total=_ANSWER_S)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.post(address, data=body) as response,
    ):
        text = await response.content.read(2 * MAX_SDP)
        if response.status != 200:
            if response.status >= 500 or response.status == 429:
                raise aiohttp.ClientError(f"status {response.status}")
            reason = text[:200].decode("utf-8", "replace").strip()
            raise RefusedError(
                f"The show at {address}", f"refuses: {reason}", "ask the studio about it"
            )
    try:
        return msgspec.json.decode(text, type=Answer)
    except msgspec.MsgspecError as fault:
        raise RefusedError(
            f"The show at {address}",
            "gives no answer that is understood",
            "use the same version of the program on both sides",
        ) from fault


async def _send(channel: RTCDataChannel, performer: GuestPerformer, notify: Notify) -> None:
    """Send motion and voice until the channel closes or the input ends."""
    due, voice, said = time.monotonic(), performer.voice, ""
    back, report_s = performer.back, 0.0
    if voice is not None:
        voice.restart()
    if back is not None:
        back.restart()
    while channel.readyState == "open" and not performer.has_ended:
        message = performer.next_message()
        if channel.bufferedAmount <= _MOST_WAITING:
            channel.send(message)
        if voice is not None:
            for message in voice.messages():
                if channel.bufferedAmount <= _MOST_WAITING:
                    channel.send(message)
            if voice.fault != said and (said := voice.fault):
                notify(said)
        if back is not None and due >= report_s:
            report_s = due + _REPORT_S
            channel.send(encode_heard(back.report(performer.age_ns)))
        due = max(due + 1.0 / RATE, time.monotonic())
        await asyncio.sleep(due - time.monotonic())


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _describe(fault: Exception) -> str:
    return str(fault) or type(fault).__name__
