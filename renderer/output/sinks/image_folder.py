"""Write every picture of the program as an image file, for compositing.

A file's number is its picture's place in time, counted from the first one: a missing picture
leaves a gap in the numbers, and the sequence stays in step with the sound of a recording.
"""

from __future__ import annotations

import errno
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Final

from renderer.output.encode.packets import VIDEO_CLOCK, EncodedPacket
from renderer.output.sinks.local_sink import LocalSink
from renderer.output.sinks.target_lock import hold_target
from renderer.output.spec import OutputSpec, list_images

_DIGITS: Final = 6
"""Digits of a file's number: 4.6 hours at 60 frames per second."""


class ImageWriter:
    """The files of one sequence.

    Args:
        folder: must exist.
        image: suffix of the files, "png" or "exr".
        rate: frames per second.
        origin_ticks: time of the program at which the sequence began, in ticks of VIDEO_CLOCK, to
            go on with that of a media process that died; None to begin with the first picture.

    Raises:
        FileExistsError: a new sequence would be mixed with an earlier one.
    """

    def __init__(
        self, folder: Path, image: str, rate: Fraction, origin_ticks: int | None = None
    ) -> None:
        self._folder, self._image, self._rate = folder, image, rate
        self._origin_ticks = origin_ticks
        if origin_ticks is None and list_images(folder):
            raise FileExistsError(errno.EEXIST, "the folder has images already")
        self.written = 0

    def write(self, packet: EncodedPacket) -> bool:
        """Write a picture's file; it appears when it is complete.

        Raises:
            OSError: it cannot be written; nothing of it is left.
        """
        if self._origin_ticks is None:
            self._origin_ticks = packet.pts
        number = round((packet.pts - self._origin_ticks) * self._rate / VIDEO_CLOCK)
        path = self._folder / f"frame_{number:0{_DIGITS}d}.{self._image}"
        partial = self._folder / f".{path.name}.part"
        try:
            partial.write_bytes(packet.data)
            partial.replace(path)
        except OSError:
            partial.unlink(missing_ok=True)
            raise
        self.written += 1
        return True


class ImageFolder(LocalSink[ImageWriter]):
    """Writes a sequence of images; creates the folder if it is missing.

    A live show drops what the disk does not take in time; see Sink.
    """

    QUEUE = 30
    """Pictures: each has megabytes, unlike the packets of a video."""
    _lock: ExitStack

    def __init__(
        self,
        name: str,
        spec: OutputSpec,
        rate: Fraction,
        live: bool,
        keep_trying: bool = False,
        continues_s: float | None = None,
    ) -> None:
        super().__init__(name, spec, b"", live, keep_trying)
        self._frame_rate = rate
        if continues_s is not None:
            self._origin_ticks = round(continues_s * VIDEO_CLOCK)

    def offer(self, packet: EncodedPacket) -> None:
        """Queue a picture for writing; sound has no place here."""
        if packet.is_video:
            super().offer(packet)

    def take_keyframe_request(self) -> bool:
        """Return False: every image can be decoded by itself."""
        return False

    def _open(self) -> ImageWriter:
        folder = Path(self.spec.address)
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as opened:
            opened.enter_context(hold_target(folder))
            image = self.spec.options.rendition.image
            writer = ImageWriter(folder, image, self._frame_rate, self._origin_ticks)
            self._lock = opened.pop_all()
        return writer

    def _write(self, target: ImageWriter, packet: EncodedPacket) -> bool:
        return target.write(packet)

    def _finish(self, target: ImageWriter) -> None:
        del target
        self._lock.close()

    def _abandon(self, target: ImageWriter) -> str:
        self._lock.close()
        if target.written:
            return f"the {target.written} images until then are complete"
        return "nothing was written"
