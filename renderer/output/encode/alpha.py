"""Record pictures with an alpha channel, for compositing: ProRes 4444 or VP9, by the file's suffix.

Alpha is straight, as both formats expect. Frames are encoded where they are written, without the
media process: a keyed recording is made offline, as fast as the disk takes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final, cast

import av
import numpy as np
import numpy.typing as npt
from av.video.stream import VideoStream

from renderer.errors import OutputError
from renderer.output.encode.codecs import BT709, PRORES
from renderer.output.encode.picture_encoder import convert_keyed


@dataclass(frozen=True, slots=True)
class AlphaFormat:
    """A container and a codec that keep alpha.

    Attributes:
        container: libav's name.
        codec: likewise.
        pixels: the encoder's pixel format.
        options: of the encoder.
        container_options: of the container.
    """

    container: str
    codec: str
    pixels: str
    options: dict[str, str]
    container_options: dict[str, str]


FORMATS: Final = {
    ".mov": AlphaFormat(
        "mov",
        PRORES.name,
        PRORES.pixels,
        PRORES.offline,
        # A file that breaks off can be played up to its last fragment.
        {"movflags": "hybrid_fragmented+frag_keyframe", "frag_duration": "500000"},
    ),
    ".webm": AlphaFormat(
        "webm",
        "libvpx-vp9",
        "yuva420p",
        {"crf": "18", "b": "0", "row-mt": "1", "deadline": "good", "cpu-used": "4"},
        {},
    ),
}
"""By suffix. ProRes for editing, VP9 for browsers and streaming software."""


class AlphaRecording:
    """A video file with alpha. Close it, or leave its `with` block, to complete the file.

    Args:
        path: .mov or .webm; an existing file is replaced.
        width, height: pixels, even.
        rate: frames a second.

    Raises:
        OutputError: the suffix is another, or the file cannot be written.
    """

    def __init__(self, path: Path, width: int, height: int, rate: int) -> None:
        self._path = path
        form = FORMATS.get(path.suffix.lower())
        if form is None:
            raise OutputError(
                f"the recording {path}", "is of a kind without alpha", "name a .mov or a .webm"
            )
        self._pixels = form.pixels
        self._number = 0
        self._time_base = Fraction(1, rate)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._container = av.open(
                str(path), "w", format=form.container, options=form.container_options
            )
            self._stream = cast(VideoStream, self._container.add_stream(form.codec, rate=rate))
            context = self._stream.codec_context
            context.width, context.height, context.pix_fmt = width, height, form.pixels
            context.time_base = self._time_base
            context.color_range = context.colorspace = BT709
            context.color_primaries = context.color_trc = BT709
            context.options = form.options
            self._container.start_encoding()
        except (OSError, ValueError, av.FFmpegError) as fault:
            raise self._unwritable(fault) from fault

    def __enter__(self) -> AlphaRecording:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def write(self, pixels: npt.NDArray[np.uint8]) -> None:
        """Encode a picture.

        Args:
            pixels: (height, width * 4) uint8 sRGB with straight alpha; may be reused on return.

        Raises:
            OutputError: the file cannot be written.
        """
        frame = convert_keyed(pixels, self._pixels)
        frame.pts, frame.time_base = self._number, self._time_base
        self._number += 1
        try:
            self._container.mux(self._stream.encode(frame))
        except (OSError, av.FFmpegError) as fault:
            raise self._unwritable(fault) from fault

    def close(self) -> None:
        """Complete the file.

        Raises:
            OutputError: it cannot be written.
        """
        try:
            self._container.mux(self._stream.encode(None))
        except (OSError, av.FFmpegError) as fault:
            raise self._unwritable(fault) from fault
        finally:
            self._container.close()

    def _unwritable(self, fault: Exception) -> OutputError:
        reason = getattr(fault, "strerror", None) or str(fault)
        return OutputError(
            f"the recording {self._path}", f"cannot be written ({reason})", "choose another file"
        )
