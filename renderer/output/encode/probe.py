"""`python -m renderer.output.encode.probe`: print the working H.264 encoders as JSON."""

from __future__ import annotations

import json
import logging
import sys
from fractions import Fraction
from typing import Final

import av

from renderer.output.encode.codecs import HARDWARE, SOFTWARE, is_working
from renderer.output.encode.format import ProgramFormat

_TRIED: Final = ProgramFormat(640, 360, Fraction(30), live=True)


def working_encoders() -> list[str]:
    """Return libav's names of the encoders that open and encode a frame, in order of preference."""
    return [codec.name for codec in (*HARDWARE, SOFTWARE) if is_working(codec, _TRIED)]


if __name__ == "__main__":
    # Missing encoders log errors.
    av.logging.set_level(None)
    logging.disable()
    sys.stdout.write(json.dumps(working_encoders()) + "\n")
