"""Describe what an output shows the program as: its size, its bit rate, its encoding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from renderer.errors import OutputError
from renderer.output.encode.format import ProgramFormat

RAW: Final = "nv12"
"""Kind of pictures that are not encoded: a plane of luma, and one of interleaved chroma."""
_LARGEST_STRETCH: Final = 0.02
"""Share by which a picture's shape may change: 854x480 is a little wider than 16:9."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """How a program is encoded for some of its outputs. Equal renditions share an encoder.

    Attributes:
        size: width and height in pixels; None for the program's own.
        kbit_s: bit rate of the picture; None for the program's, or the size's default.
        image: "png" or "exr" for a file a picture, "nv12" for pictures as they are; empty for a
            video.
        is_baseline: H.264's constrained baseline profile, which every WebRTC receiver decodes.
    """

    size: tuple[int, int] | None = None
    kbit_s: int | None = None
    image: str = ""
    is_baseline: bool = False

    @property
    def shown(self) -> str:
        """Return it for display; empty for the program as it is drawn."""
        words = []
        if self.size is not None:
            words.append(f"{self.size[0]}x{self.size[1]}")
        if self.kbit_s is not None:
            words.append(f"{self.kbit_s} kbit/s")
        if self.image:
            words.append(self.image.upper())
        if self.is_baseline:
            words.append("baseline")
        return ", ".join(words)

    def simplify(self, program: ProgramFormat) -> Rendition:
        """Return it without what is the program's anyway, so that equal ones compare equal."""
        size = None if self.size == (program.width, program.height) else self.size
        is_same = self.kbit_s is not None and self.kbit_s * 1000 == program.bits
        return replace(self, size=size, kbit_s=None if is_same and size is None else self.kbit_s)

    def apply(self, program: ProgramFormat) -> ProgramFormat:
        """Return the format in which a program is encoded for it.

        Raises:
            OutputError: the picture would be distorted, or cannot be encoded.
        """
        width, height = self.size or (program.width, program.height)
        if abs(width * program.height / (height * program.width) - 1.0) > _LARGEST_STRETCH:
            fitting = round(height * program.width / program.height / 2) * 2
            raise OutputError(
                f"a picture of {width}x{height}",
                f"has another shape than the program's, {program.width}x{program.height}",
                f"use a size such as {fitting}x{height}",
            )
        if program.has_alpha and (width, height) != (program.width, program.height):
            raise OutputError(
                f"a picture of {width}x{height} with alpha",
                "is not made from a larger one",
                f"draw the show with --size {width}x{height}",
            )
        bits = None if self.kbit_s is None else 1000 * self.kbit_s
        if bits is None and self.size is None:
            bits = program.bitrate
        scaled = replace(
            program, width=width, height=height, bitrate=bits, is_baseline=self.is_baseline
        )
        scaled.check()
        return scaled


PROGRAM_RENDITION: Final = Rendition()
"""The program as it is drawn."""
