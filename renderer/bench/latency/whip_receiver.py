"""`python -m renderer.bench.latency.whip_receiver [TOKEN]`: a WHIP server that watches its stream.

Each line on standard output is JSON. The first is `{"address"}`; then, as the viewer's, a picture
is `{"number", "seen_ns", "at_s", "flash"}`; `{"sound_s", "level"}` is what was heard, `{"ended"}`
the end of a stream. It ends with its standard input.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any, Final

import numpy as np
from aiohttp import web
from aiortc import (
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
    rtcrtpreceiver,
)
from aiortc.jitterbuffer import JitterBuffer, JitterFrame
from aiortc.mediastreams import MediaStreamError
from aiortc.rtp import RtpPacket
from av import AudioFrame, VideoFrame

from renderer.bench.latency.pattern import read

MODULE: Final = "renderer.bench.latency.whip_receiver"


class PromptJitterBuffer(JitterBuffer):
    """Hands on a picture with its last packet, which RTP's marker bit tells (RFC 6184, 5.1).

    Browsers do so; aiortc waits for the first packet of the next picture.
    """

    def _remove_frame(self, sequence_number: int) -> JitterFrame | None:
        frame = super()._remove_frame(sequence_number)
        if frame is not None or not self._is_video or self._origin is None:
            return frame
        packets: list[RtpPacket] = []
        for count in range(self.capacity):
            packet = self._packets[(self._origin + count) % self.capacity]
            if packet is None or (packets and packet.timestamp != packets[0].timestamp):
                return None
            packets.append(packet)
            if packet.marker:
                data = b"".join(getattr(one, "_data") for one in packets)  # noqa: B009 - untyped
                self.remove(count + 1)
                return JitterFrame(data, packet.timestamp)
        return None


class WhipReceiver:
    """Accepts streams, decodes them, and tells what is seen and heard."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._peers: dict[str, RTCPeerConnection] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def accept(self, request: web.Request) -> web.Response:
        """Answer an offer."""
        if self._token and request.headers.get("Authorization") != f"Bearer {self._token}":
            return web.Response(status=401)
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        name = str(len(self._peers))
        self._peers[name] = peer

        def watch(track: Any) -> None:
            task = asyncio.create_task(self._watch(track))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        peer.on("track", watch)
        await peer.setRemoteDescription(RTCSessionDescription(await request.text(), "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        headers = {"Location": f"/whip/{name}", "Content-Type": "application/sdp"}
        return web.Response(status=201, text=peer.localDescription.sdp, headers=headers)

    async def end(self, request: web.Request) -> web.Response:
        """End a stream, as its sender asks."""
        peer = self._peers.get(request.match_info["name"])
        if peer is None:
            return web.Response(status=404)
        await peer.close()
        _print_line({"ended": True})
        return web.Response()

    async def close(self) -> None:
        """End all streams."""
        for peer in self._peers.values():
            await peer.close()

    async def _watch(self, track: Any) -> None:
        try:
            while True:
                frame = await track.recv()
                at_s = float(frame.pts * frame.time_base)
                if isinstance(frame, VideoFrame):
                    found = read(frame.to_ndarray()[: frame.height].astype(np.uint8, copy=False))
                    if found is None:
                        continue
                    number, flash = found
                    seen_ns = time.monotonic_ns()
                    _print_line(
                        {"number": number, "seen_ns": seen_ns, "at_s": at_s, "flash": flash}
                    )
                elif isinstance(frame, AudioFrame):
                    level = float(np.abs(frame.to_ndarray().astype(np.float64)).max() / 32768)
                    _print_line({"sound_s": at_s, "level": level})
        except MediaStreamError:
            return


def _print_line(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


async def serve(token: str) -> None:
    """Serve until standard input ends."""
    # aiortc has no setting for it.
    setattr(rtcrtpreceiver, "JitterBuffer", PromptJitterBuffer)  # noqa: B010 - not exported
    receiver = WhipReceiver(token)
    app = web.Application()
    app.router.add_post("/whip", receiver.accept)
    app.router.add_delete("/whip/{name}", receiver.end)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    _print_line({"address": f"http://127.0.0.1:{port}/whip"})
    await asyncio.to_thread(sys.stdin.read)
    await receiver.close()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1] if len(sys.argv) > 1 else ""))
