"""Offer the program as an NDI source, which receivers on the network find by its name.

The library is proprietary and therefore no part of this program: users install it themselves. It
compresses, and each receiver takes what its network carries, so nothing here can stall.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import av
import numpy as np

from renderer.output.device_address import parse_ndi
from renderer.output.encode.packets import AUDIO_CLOCK, EncodedPacket
from renderer.output.encode.raw_pictures import RawFormat
from renderer.output.sinks.transport import TransportError
from renderer.output.spec import OutputSpec

if TYPE_CHECKING:
    from renderer.processes.child import Child

_CHANNELS: Final = 2
_MOST_SAMPLES: Final = 4096
_AAC_CONFIG: Final = bytes.fromhex("1190")
"""AudioSpecificConfig of the program's sound: AAC-LC, 48 kHz, stereo (ISO/IEC 14496-3, 1.6.2.1)."""


class NdiTransport:
    """An open source.

    Args:
        name: of the source.
        pictures: format of what is sent.

    Raises:
        TransportError: the library is absent, or does not open the source.
    """

    def __init__(self, name: str, pictures: RawFormat) -> None:
        try:
            # An optional package, which only an output of this kind needs.
            from cyndilib.audio_frame import AudioSendFrame
            from cyndilib.sender import Sender
            from cyndilib.video_frame import VideoSendFrame
            from cyndilib.wrapper.ndi_structs import FourCC
        except ImportError as fault:
            raise TransportError(
                "NDI needs cyndilib with NDI's own library, under its own licence; install "
                "encore-renderer[ndi]"
            ) from fault
        video = VideoSendFrame()
        video.set_resolution(pictures.width, pictures.height)
        video.set_frame_rate(pictures.frame_rate)
        video.set_fourcc(FourCC.NV12)
        sound = AudioSendFrame(_MOST_SAMPLES)
        sound.sample_rate, sound.num_channels = AUDIO_CLOCK, _CHANNELS
        # Neither waits: the program has its own pace.
        self._sender: Any = Sender(name, clock_video=False, clock_audio=False)
        self._sender.set_video_frame(video)
        self._sender.set_audio_frame(sound)
        try:
            self._sender.open()
        except Exception as fault:  # It raises plain exceptions.
            raise TransportError(f"the NDI source cannot be opened ({fault})") from fault
        self._picture = np.empty(pictures.width * pictures.height * 3 // 2, np.uint8)
        self._decoder = av.CodecContext.create("aac", "r")
        self._decoder.extradata = _AAC_CONFIG

    def write(self, packet: EncodedPacket) -> bool:
        """Send a picture or its sound; see Transport."""
        if packet.is_video:
            # The library takes writable buffers only, and copies them.
            np.copyto(self._picture, np.frombuffer(packet.data, np.uint8))
            self._sender.write_video_async(self._picture)
            return True
        for frame in self._decoder.decode(av.Packet(packet.data)):
            samples = np.ascontiguousarray(frame.to_ndarray(), np.float32)
            self._sender.write_audio(samples)
        return True

    def still_s(self) -> float:
        """Return 0: the library never waits for a receiver."""
        return 0.0

    def take_keyframe_request(self) -> bool:
        """Return False: each picture stands by itself."""
        return False

    def close(self) -> None:
        """Withdraw the source."""
        self._sender.close()

    def discard(self) -> None:
        """Withdraw the source."""
        self._sender.close()


def connect(child: Child, spec: OutputSpec, header: bytes, is_first: bool) -> NdiTransport:
    """Open an NDI source; see `transport.Connect`."""
    del child, is_first
    return NdiTransport(parse_ndi(spec.address).name, RawFormat.decode(header))
