"""Read how long a song is, without decoding it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av

from renderer.errors import OutputError
from renderer.media_address import LOCAL_FILES_ONLY, file_address
from renderer.output.audio.sound import reason


def read_length_ns(path: Path) -> int:
    """Return the length of a sound file from its packets, nanoseconds.

    Headers of some formats have no length, or a wrong one.

    Raises:
        OutputError: the file is missing, broken or contains no sound.
    """
    remedy = "give a song that a music player plays"
    try:
        with av.open(file_address(path), "r", options=LOCAL_FILES_ONLY) as file:
            if not file.streams.audio:
                raise OutputError(f"the song {path.name}", "holds no sound", remedy)
            stream = file.streams.audio[0]
            begin, end = None, 0
            for packet in file.demux(stream):
                if packet.pts is not None:
                    begin = packet.pts if begin is None else begin
                    end = max(end, packet.pts + (packet.duration or 0))
            scale = stream.time_base or Fraction(1)
            return round((end - (begin or 0)) * scale * 1_000_000_000)
    except (OSError, av.FFmpegError) as fault:
        raise OutputError(f"the song {path.name}", reason(fault), remedy) from fault
