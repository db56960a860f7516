"""Build the addresses with which FFmpeg opens media."""

from __future__ import annotations

from os import PathLike, fspath
from typing import Final

LOCAL_FILES_ONLY: Final = {"protocol_whitelist": "file"}
"""FFmpeg options that stop a local playlist from opening network addresses or devices."""


def file_address(path: str | PathLike[str]) -> str:
    """Return the address with which FFmpeg opens a local file of any name.

    FFmpeg takes the part of a name before the first colon as a protocol, so that it does not look
    for `take:1.wav`, `http:song.flac` or `concat:x.mp3` on disk. Its `file:` protocol uses the rest
    of the address verbatim, without decoding it.

    Args:
        path: the file to read or write; need not exist.
    """
    return f"file:{fspath(path)}"
