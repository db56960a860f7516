"""Define a program's size, frame rate and encoding."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from renderer.errors import OutputError

BITS_PER_PIXEL = 0.1
"""Bits per pixel of a live stream: 5.5 Mbit/s at 720p60, as streaming services recommend."""


@dataclass(frozen=True, slots=True)
class ProgramFormat:
    """Format of the encoded program.

    Attributes:
        width, height: pixels, even.
        rate: frames per second.
        live: low latency and a steady bit rate; else the best quality for its size.
        bitrate: bits per second; None for a default.
        mark: number of the show in the pictures' watermark; None for pictures without one.
        has_alpha: the picture is keyed; frames are RGBA, and the codec keeps alpha.
        is_baseline: H.264's constrained baseline profile instead of the encoder's choice.
    """

    width: int
    height: int
    rate: Fraction
    live: bool
    bitrate: int | None = None
    mark: int | None = None
    has_alpha: bool = False
    is_baseline: bool = False

    def check(self) -> None:
        """Raise an OutputError if no encoder supports the format."""
        thing = f"a picture of {self.width}x{self.height} at {float(self.rate):g} frames a second"
        if self.width < 64 or self.height < 64 or self.width % 2 or self.height % 2:
            raise OutputError(thing, "cannot be encoded", "use even sides of 64 pixels or more")
        if not 1 <= self.rate <= 240:
            raise OutputError(thing, "cannot be encoded", "use a rate from 1 to 240")
        if self.bitrate is not None and self.bitrate < 10_000:
            raise OutputError(
                f"a bit rate of {self.bitrate}", "is too low", "give bits a second, say 4000000"
            )

    @property
    def bits(self) -> int:
        """Return the target bit rate, bits per second."""
        pixels = self.width * self.height * float(self.rate)
        return self.bitrate or max(1_000_000, int(BITS_PER_PIXEL * pixels))
