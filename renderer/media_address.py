"""Addresses by which FFmpeg opens media."""

from __future__ import annotations

from os import PathLike, fspath
from typing import Final

LOCAL_FILES_ONLY: Final = {"protocol_whitelist": "file"}
"""FFmpeg options with which a playlist in a local file can open neither a network nor a device."""


def file_address(path: str | PathLike[str]) -> str:
    """Return the address by which FFmpeg opens a local file, whatever its name looks like.

    FFmpeg takes what stands before the first colon of a name for a protocol: it looks for the
    files `take:1.wav`, `http:song.flac` and `concat:x.mp3` elsewhere than on disk. Its `file:`
    protocol takes the rest of the address as it is, without decoding it.

    Args:
        path: a file to read or to write; need not exist.
    """
    return f"file:{fspath(path)}"
