"""Mix finished pictures: transitions between cameras, fade to black, and the slate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from renderer.graphics.records import ProgramFrame
from renderer.output.slate import convert_to_planes, make_slate
from renderer.show.direction.transitions import Stinger, wipe
from renderer.show.document.cues import Transition
from renderer.transport.pixel_layout import PixelLayout

MIX_VIEW: Final = "mix"
"""The renderer's view of the camera that a dissolve leaves."""
TAIL_FRAMES: Final = 3
"""Frames for which that view is still drawn after a dissolve, so that its last frames come back
from the GPU: more than the readback's latency."""
_MOST_PLANNED: Final = 16
"""Mixes kept for frames that are still under way."""
_LUMA_BLACK, _CHROMA_GREY = 16, 128
"""Black in limited range (ITU-R BT.709-6, 3.5)."""

U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Mix:
    """How a frame is mixed.

    Attributes:
        share: progress of the transition to the camera on air; 1 without one.
        black: how far the picture is faded to black.
        slate: how much of the picture is the slate.
        transition: kind of the transition.
        stinger: its name, of a stinger.
    """

    share: float = 1.0
    black: float = 0.0
    slate: float = 0.0
    transition: Transition = "cut"
    stinger: str = ""


NONE: Final = Mix()


def _refuse_none(_file: Path) -> bool:
    return False


class PictureMixer:
    """Mixes the frames of the program, in preallocated buffers.

    Args:
        collect: returns the oldest finished frame of the view of the camera that is left, if any.
        slate: picture that panic shows; None for the house's.
        is_refused: returns whether a file must not be seen now: the house's slate is then shown
            instead of that file, and a camera changes without its stinger.

    Attributes:
        stingers: by name, in the program's size and layout.
    """

    def __init__(
        self,
        collect: Callable[[], ProgramFrame | None],
        slate: Path | None,
        is_refused: Callable[[Path], bool] = _refuse_none,
    ) -> None:
        self._collect = collect
        self._slate_file, self._is_refused = slate, is_refused
        self._planned: dict[int, Mix] = {}
        self._other: ProgramFrame | None = None
        self._buffers: dict[str, U8] = {}
        self.stingers: Mapping[str, Stinger] = {}
        self._stills: dict[tuple[str, PixelLayout, tuple[int, ...]], U8] = {}

    def prepare(self, size: tuple[int, int], layout: PixelLayout) -> None:
        """Draw black and slate before air, for frames of a size (width, height) and a layout.

        Raises:
            OutputError: the slate's file is no picture.
        """
        width, height = size
        if layout is not PixelLayout.RGBA:
            frame = ProgramFrame(np.empty((height * 3 // 2, width), np.uint8), 0, 0, 0, layout)
            for name in ("black", "slate", *(["house"] if self._slate_file else [])):
                self._find_still(name, frame)

    def plan(self, number: int, mix: Mix) -> None:
        """Set how the frame of a number is mixed, when it is finished."""
        self._planned[number] = mix
        while len(self._planned) > _MOST_PLANNED:
            del self._planned[next(iter(self._planned))]

    def mix(self, frame: ProgramFrame | None) -> ProgramFrame | None:
        """Return a program frame as it is mixed; valid until the next call."""
        if frame is None:
            return None
        mix = self._planned.get(frame.number, NONE)
        other = self._find_other(frame.number)
        # A keyed picture has no black and no slate: it is laid over another program's.
        if (mix.share, mix.black, mix.slate) == (1.0, 0.0, 0.0) or frame.layout is PixelLayout.RGBA:
            return frame
        if mix.share < 1.0:
            fits = other is not None and other.planes.shape == frame.planes.shape
            frame = self._change(frame, other if fits else None, mix)
        return self._cover("program", frame, mix)

    def cover(self, view: str, frame: ProgramFrame) -> ProgramFrame:
        """Return a frame of a further view, faded to black or to the slate with the program."""
        mix = self._planned.get(frame.number, NONE)
        return frame if frame.layout is PixelLayout.RGBA else self._cover(view, frame, mix)

    def _cover(self, view: str, frame: ProgramFrame, mix: Mix) -> ProgramFrame:
        if mix.black > 0.0:
            frame = self._blend(f"{view}.black", frame.planes, frame, mix.black, "black")
        if mix.slate > 0.0:
            file = self._slate_file
            slate = "house" if file is not None and self._is_refused(file) else "slate"
            frame = self._blend(f"{view}.slate", frame.planes, frame, mix.slate, slate)
        return frame

    def _change(self, frame: ProgramFrame, other: ProgramFrame | None, mix: Mix) -> ProgramFrame:
        """Return a frame within a transition.

        Args:
            frame: of the camera on air.
            other: of the camera that is left; None if it was not drawn or is lost.
            mix: of the frame.
        """
        stinger = self.stingers.get(mix.stinger) if mix.transition == "stinger" else None
        if stinger is not None and self._is_refused(stinger.file):
            stinger = None
        if stinger is not None:
            beneath = other if other is not None and mix.share < stinger.cut else frame
            if stinger.pictures[0].shape != beneath.planes.shape:
                return beneath
            out = self._buffer("mix", beneath.planes)
            stinger.lay_over(beneath.planes, mix.share, out)
            return replace(frame, planes=out)
        if other is None or mix.transition == "stinger":
            return frame
        if mix.transition == "wipe":
            out = self._buffer("mix", frame.planes)
            wipe(other.planes, frame.planes, mix.share, frame.layout, out)
            return replace(frame, planes=out)
        return self._blend("mix", other.planes, frame, mix.share)

    def _buffer(self, name: str, like: U8) -> U8:
        """Return the buffer of a name, in the shape of another array."""
        out = self._buffers.get(name)
        if out is None or out.shape != like.shape:
            out = self._buffers[name] = np.empty_like(like)
        return out

    def _blend(
        self, buffer: str, base: U8, frame: ProgramFrame, share: float, still: str = ""
    ) -> ProgramFrame:
        """Return a frame whose planes are a base with a share of the frame's, or of a still's."""
        over = self._find_still(still, frame) if still else frame.planes
        out = self._buffer(buffer, base)
        cv2.addWeighted(over, share, base, 1.0 - share, 0.0, dst=out)
        return replace(frame, planes=out)

    def _find_other(self, number: int) -> ProgramFrame | None:
        """Return the other camera's frame of a number; None if it was not drawn or is lost."""
        while self._other is None or self._other.number < number:
            newer = self._collect()
            if newer is None:
                return None
            self._other = newer
        return self._other if self._other.number == number else None

    def _find_still(self, name: str, frame: ProgramFrame) -> U8:
        key = name, frame.layout, frame.planes.shape
        if key not in self._stills:
            height, width = frame.planes.shape[0] * 2 // 3, frame.planes.shape[1]
            if name == "black":
                planes = np.full(frame.planes.shape, _CHROMA_GREY, np.uint8)
                planes[:height] = _LUMA_BLACK
            else:
                file = self._slate_file if name == "slate" else None
                slate = make_slate(file, width, height)
                planes = convert_to_planes(slate, frame.layout).reshape(frame.planes.shape)
            self._stills[key] = planes
        return self._stills[key]
