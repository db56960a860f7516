"""Specify outputs of a show, and parse the words that name them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from renderer.errors import OutputError
from renderer.output.stream_address import (
    StreamAddress,
    is_stream,
    parse_stream,
    without_secrets,
)

PLAYLIST: Final = "live.m3u8"
"""File name of an HLS output's playlist, in its folder."""
_RECORDING_SUFFIX: Final = ".mp4"
_HLS_PREFIX: Final = "hls:"


@dataclass(frozen=True, slots=True, repr=False)
class OutputSpec:
    """An output's kind and address.

    Attributes:
        kind: "mp4", "rtmp" or "hls".
        address: the file, the URL or the folder. A URL may contain a stream key: use `shown` for
            anything displayed or logged.
    """

    kind: str
    address: str

    @property
    def shown(self) -> str:
        """Return the address for display and logs, without secrets."""
        return self.stream.shown if self.kind == "rtmp" else self.address

    @property
    def stream(self) -> StreamAddress:
        """Return the parts of a stream's address.

        Raises:
            OutputError: the output is not a stream, or its address is invalid.
        """
        return parse_stream(self.address)

    def check_key(self) -> None:
        """Raise an OutputError if the stream key cannot be read from where it is stored."""
        if self.kind == "rtmp":
            self.stream.fill_in()

    def __repr__(self) -> str:
        return f"OutputSpec({self.kind!r}, {self.shown!r})"


def parse_output(word: str) -> OutputSpec:
    """Parse an output's word: `show.mp4`, `rtmp://host/app/key`, `hls:FOLDER`.

    Raises:
        OutputError: the word is none of these.
    """
    if is_stream(word):
        parse_stream(word)
        return OutputSpec("rtmp", word)
    if word.startswith(_HLS_PREFIX) and word != _HLS_PREFIX:
        return OutputSpec("hls", word.removeprefix(_HLS_PREFIX))
    if "://" not in word and Path(word).suffix.lower() == _RECORDING_SUFFIX:
        return OutputSpec("mp4", word)
    raise OutputError(
        f"the output {without_secrets(word)!r}",
        "is of no known kind",
        "name a file ending in .mp4, a stream as rtmp://host/app/key or a folder as hls:FOLDER",
    )


def parse_recording(word: str) -> OutputSpec:
    """Parse a recording's file name, even if it could also be taken for another kind of output.

    Raises:
        OutputError: it does not end in .mp4.
    """
    if "://" in word or Path(word).suffix.lower() != _RECORDING_SUFFIX:
        raise OutputError(
            f"the recording {without_secrets(word)!r}",
            "is no file that can be recorded",
            "name a file ending in .mp4",
        )
    return OutputSpec("mp4", word)


def warn_of_typed_keys(specs: Iterable[OutputSpec]) -> list[str]:
    """Return a warning for every stream whose key was typed on the command line."""
    return [
        f"{spec.shown}: other users of this machine can read its key with `ps`; write "
        f"'{spec.shown.removesuffix('…')}{{env:NAME}}', {{file:PATH}} or {{keyring:SERVICE}}"
        for spec in specs
        if spec.kind == "rtmp" and spec.stream.has_literal_secret
    ]
