"""Bring pictures to the size in which they are encoded, with the show's mark."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.marked_picture import MarkedPicture
from renderer.transport.pixel_layout import PixelLayout


class PicturePreparer:
    """Scales and marks pictures.

    Args:
        program: format in which they are encoded; keyed pictures are not marked, since they are the
            crew's own material for another program.
    """

    def __init__(self, program: ProgramFormat) -> None:
        is_marked = program.mark is not None and not program.has_alpha
        self._marked = MarkedPicture(program) if is_marked else None
        self._width, self._height = program.width, program.height
        self._reformatter = VideoReformatter()

    def prepare(
        self, planes: npt.NDArray[np.uint8], t_show_ns: int, layout: PixelLayout
    ) -> VideoFrame:
        """Return a frame of the layout's format, which may refer to the planes.

        Args:
            planes: (height * 3 // 2, width) uint8 of any size.
            t_show_ns: show time.
            layout: I420 or NV12.
        """
        if planes.shape != (self._height * 3 // 2, self._width):
            # Scaled before it is marked, since a mark is made for the size that is sent.
            frame = self._reformatter.reformat(
                VideoFrame.from_numpy_buffer(planes, layout.value), self._width, self._height,
                interpolation=Interpolation.BICUBIC,
            )  # fmt: skip
            if self._marked is None:
                return frame
            planes = np.asarray(frame.to_ndarray(), np.uint8)
        if self._marked is not None:
            planes = self._marked.mark(planes, t_show_ns)
        return VideoFrame.from_numpy_buffer(planes, layout.value)
