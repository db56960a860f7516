"""Encode a rendition of the program in a thread of its own, beside the program's encoder."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, MutableSet
from typing import Protocol

import av
import numpy as np
import numpy.typing as npt

from renderer.errors import EncoderError
from renderer.output.encode.bitrate import BitrateControl
from renderer.output.encode.encoder import SoundQueue
from renderer.output.encode.fallback_encoder import MOST_FAILURES, FallbackEncoder
from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import VIDEO_CLOCK, EncodedPacket
from renderer.output.encode.picture_encoder import to_ticks
from renderer.output.encode.picture_queue import PictureQueue, QueuedPicture
from renderer.output.encode.raw_pictures import RawPictures
from renderer.output.encode.rendition import RAW, Rendition
from renderer.output.encode.still_encoder import StillEncoder
from renderer.transport.pixel_layout import PixelLayout


class _Encoder(Protocol):
    def encode(
        self,
        planes: npt.NDArray[np.uint8],
        t_show_ns: int,
        t_seen_ns: int,
        join: bool,
        layout: PixelLayout,
    ) -> list[EncodedPacket]: ...

    def set_bits(self, bits: int) -> None: ...

    def finish(self) -> list[EncodedPacket]: ...


class RenditionEncoder:
    """Encodes the program's pictures once more; its sound is the program's.

    Args:
        program: format of the program.
        rendition: how it is encoded here.
        avoided: names of hardware encoders that have failed in this show; one that fails is added.
        deliver: receives the packets, in this encoder's thread.
        fail: likewise the reason, if encoders keep failing.
        measure_fullness: returns how full the fullest stream's queue is, 0 to 1.

    Raises:
        OutputError: the program cannot be encoded so.
        EncoderError: no encoder opens.
    """

    def __init__(
        self,
        program: ProgramFormat,
        rendition: Rendition,
        avoided: MutableSet[str],
        deliver: Callable[[list[EncodedPacket]], None],
        fail: Callable[[str], None],
        measure_fullness: Callable[[], float],
    ) -> None:
        form = rendition.apply(program)
        self._video: FallbackEncoder | None = None
        self._encoder: _Encoder
        self._raw_header = b""
        try:
            if rendition.image == RAW:
                self._encoder = raw = RawPictures(form)
                self._raw_header = raw.header
            elif rendition.image:
                self._encoder = StillEncoder(rendition.image, form)
            else:
                self._encoder = self._video = FallbackEncoder(form, avoided)
        except (OSError, ValueError, av.FFmpegError) as fault:
            raise EncoderError(
                f"the encoder for {rendition.shown}",
                f"cannot be opened ({fault})",
                "use another size",
            ) from fault
        has_rate = program.live and not rendition.image and not program.has_alpha
        self._bitrate = BitrateControl(form.bits) if has_rate else None
        self._deliver, self._fail, self._measure_fullness = deliver, fail, measure_fullness
        self._heard = SoundQueue(round(VIDEO_CLOCK / form.rate))
        self._last_ticks: int | None = None
        self._failed = self._failed_in_a_row = 0
        self._queue = PictureQueue(patient=not program.live)
        self._then: Callable[[], None] | None = None
        self._thread = threading.Thread(target=self._run, name=f"encoder {rendition.shown}")
        self._thread.start()

    @property
    def header(self) -> bytes:
        """Return the streams' or raw pictures' description; empty for images."""
        return self._raw_header if self._video is None else self._video.header

    @property
    def note(self) -> str:
        """Return a sentence about a replaced encoder; empty if none was."""
        return "" if self._video is None else self._video.note

    @property
    def bits(self) -> int:
        """Return the current bit rate, bits per second; 0 if it is not held."""
        return self._bitrate.bits if self._bitrate is not None else 0

    @property
    def is_lowered(self) -> bool:
        """Return whether the bit rate is below its target."""
        return self._bitrate is not None and self._bitrate.is_lowered

    @property
    def lost(self) -> int:
        """Return the number of pictures that it was too slow for, or has refused."""
        return self._queue.dropped + self._failed

    def put_picture(
        self,
        planes: npt.NDArray[np.uint8],
        layout: PixelLayout,
        t_program_ns: int,
        t_seen_ns: int,
        join: bool,
    ) -> None:
        """Queue a picture; live it is dropped if the encoder is too slow, offline this waits."""
        self._queue.put_picture(planes, layout, t_program_ns, t_seen_ns, join)

    def put_sound(self, packets: list[EncodedPacket]) -> None:
        """Queue the sound that was encoded with the last picture."""
        self._queue.put_sound(packets)

    def close(self, then: Callable[[], None] | None = None) -> None:
        """Accept nothing more; `join` waits for the last packets.

        Args:
            then: called after the last packets are delivered, in this encoder's thread.
        """
        self._then = then or self._then
        self._queue.close()

    def join(self, timeout: float) -> bool:
        """Wait for the end of its thread; return whether it has ended in time."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while (item := self._queue.get()) is not None:
                if isinstance(item, QueuedPicture):
                    self._encode(item)
                else:
                    self._heard.add(item)
                    self._deliver(self._heard.take_due([]))
            pictures = self._finish()
            self._deliver([*pictures, *self._heard.take_all()])
        except EncoderError as fault:
            self._fail(f"{fault.thing} {fault.fault}")
        except Exception as fault:  # noqa: BLE001 - its outputs report every failure
            self._fail(f"its encoder broke off ({type(fault).__name__}: {fault})")
        finally:
            self._queue.close()
            if self._video is not None:
                self._video.close()
            if self._then is not None:
                self._then()

    def _encode(self, picture: QueuedPicture) -> None:
        ticks = to_ticks(picture.t_program_ns)
        try:
            if self._last_ticks is not None and ticks <= self._last_ticks:
                return
            self._last_ticks = ticks
            packets = self._encoder.encode(
                picture.planes, picture.t_program_ns, picture.t_seen_ns, picture.join,
                picture.layout,
            )  # fmt: skip
        except (OSError, ValueError, av.FFmpegError) as fault:
            self._failed += 1
            self._failed_in_a_row += 1
            # A video encoder has been replaced by then.
            if self._failed_in_a_row == MOST_FAILURES and self._video is None:
                self._fail(f"its encoder failed on {MOST_FAILURES} pictures in a row ({fault})")
            return
        finally:
            self._queue.release(picture)
        self._failed_in_a_row = 0
        control = self._bitrate
        if control is not None and control.update(self._measure_fullness(), time.monotonic()):
            self._encoder.set_bits(control.bits)
        self._deliver(packets + self._heard.take_due(packets))

    def _finish(self) -> list[EncodedPacket]:
        """Return the last pictures, as far as the encoder gives them."""
        try:
            return self._encoder.finish()
        except (OSError, ValueError, av.FFmpegError):
            return []
