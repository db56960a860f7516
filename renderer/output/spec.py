"""Specify outputs of a show, and parse the words that name them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from renderer.errors import OutputError
from renderer.output.srt_address import SrtAddress, is_srt, parse_srt
from renderer.output.stream_address import (
    StreamAddress,
    is_stream,
    parse_stream,
    remove_secrets,
)
from renderer.protocol.pictures import PROGRAM, VERTICAL

PLAYLIST: Final = "live.m3u8"
"""File name of an HLS output's playlist, in its folder."""
LIVE_PLAYLIST: Final = "low_latency.m3u8"
"""File name of its playlist of the live edge, in parts."""
_RECORDINGS: Final = {".mp4": "mp4", ".mov": "mov"}
"""Kind of a recording by suffix: MOV has alpha (ProRes 4444), MP4 (H.264) has none."""
_HLS_PREFIX: Final = "hls:"
_VERTICAL_PREFIX: Final = f"{VERTICAL}:"


class ServerAddress(Protocol):
    """The address of a stream, of whichever kind."""

    @property
    def shown(self) -> str:
        """Return it for display and logs, without secrets."""

    @property
    def has_literal_secret(self) -> bool:
        """Return whether a key or password is written out in it."""

    @property
    def safer_form(self) -> str:
        """Return how it is written with a reference to the key, for a warning."""

    def fill_in(self) -> ServerAddress:
        """Return it with references to keys replaced by the keys."""


_PARSERS: Final[dict[str, Callable[[str], ServerAddress]]] = {
    "rtmp": parse_stream,
    "srt": parse_srt,
}
"""Parser of a stream's address, by the output's kind."""


@dataclass(frozen=True, slots=True, repr=False)
class OutputSpec:
    """An output's kind and address.

    Attributes:
        kind: "mp4", "mov", "rtmp", "srt" or "hls".
        address: the file, the URL or the folder. A URL may contain a stream key: use `shown` for
            anything displayed or logged.
        view: that it shows, "program" or "vertical".
    """

    kind: str
    address: str
    view: str = PROGRAM

    @property
    def shown(self) -> str:
        """Return the word for display and logs, without secrets."""
        address = self.server.shown if self.is_stream else self.address
        return address if self.view == PROGRAM else f"{self.view}:{address}"

    @property
    def is_recording(self) -> bool:
        """Return whether the output is a file."""
        return self.kind in _RECORDINGS.values()

    @property
    def is_stream(self) -> bool:
        """Return whether the output is a connection to another machine, or waits for one."""
        return self.kind in _PARSERS

    def check_alpha(self, *, is_keyed: bool) -> None:
        """Raise an OutputError if the output's codec does not suit the show's picture.

        Args:
            is_keyed: whether the show draws over transparency.
        """
        if is_keyed and self.kind != "mov":
            raise OutputError(
                f"the output {self.shown}",
                "is encoded as H.264, which keeps no alpha",
                "record a file ending in .mov, or leave out --alpha",
            )
        if self.kind == "mov" and not is_keyed:
            raise OutputError(
                f"the recording {self.shown}",
                "is a file with alpha, and the show draws none",
                "add --alpha, or name a file ending in .mp4",
            )

    @property
    def stream(self) -> StreamAddress:
        """Return the parts of an RTMP stream's address.

        Raises:
            OutputError: the output is none, or its address is invalid.
        """
        return parse_stream(self.address)

    @property
    def srt(self) -> SrtAddress:
        """Return the parts of an SRT stream's address.

        Raises:
            OutputError: the output is none, or its address is invalid.
        """
        return parse_srt(self.address)

    @property
    def server(self) -> ServerAddress:
        """Return a stream's address, of whichever kind.

        Raises:
            OutputError: the address is invalid.
        """
        return _PARSERS[self.kind](self.address)

    def check_key(self) -> None:
        """Raise an OutputError if the stream key cannot be read from where it is stored."""
        if self.is_stream:
            self.server.fill_in()

    def __repr__(self) -> str:
        return f"OutputSpec({self.kind!r}, {self.shown!r})"


def parse_output(word: str) -> OutputSpec:
    """Parse an output's word: `show.mp4`, `keyed.mov`, a stream's address or `hls:FOLDER`.

    `vertical:` before any of them names the upright view instead of the program.

    Raises:
        OutputError: the word is none of these.
    """
    if word.startswith(_VERTICAL_PREFIX):
        return replace(parse_output(word.removeprefix(_VERTICAL_PREFIX)), view=VERTICAL)
    if is_stream(word):
        parse_stream(word)
        return OutputSpec("rtmp", word)
    if is_srt(word):
        parse_srt(word)
        return OutputSpec("srt", word)
    if word.startswith(_HLS_PREFIX) and word != _HLS_PREFIX:
        return OutputSpec("hls", word.removeprefix(_HLS_PREFIX))
    if "://" not in word and Path(word).suffix.lower() in _RECORDINGS:
        return parse_recording(word)
    raise OutputError(
        f"the output {remove_secrets(word)!r}",
        "is of no known kind",
        "name a file ending in .mp4, a stream as rtmp://host/app/key or srt://host:port, "
        "or a folder as hls:FOLDER",
    )


def parse_recording(word: str) -> OutputSpec:
    """Parse a recording's file name, even if it could also be taken for another kind of output.

    `vertical:` before it names the upright view instead of the program.

    Raises:
        OutputError: it ends in neither .mp4 nor .mov.
    """
    if word.startswith(_VERTICAL_PREFIX):
        return replace(parse_recording(word.removeprefix(_VERTICAL_PREFIX)), view=VERTICAL)
    kind = _RECORDINGS.get(Path(word).suffix.lower())
    if "://" in word or kind is None:
        raise OutputError(
            f"the recording {remove_secrets(word)!r}",
            "is no file that can be recorded",
            "name a file ending in .mp4, or with --alpha in .mov",
        )
    return OutputSpec(kind, word)


def next_part(path: Path) -> Path:
    """Return the first name of a further part of a recording that no file has."""
    numbers = itertools.count(2)
    return next(
        part
        for number in numbers
        if not (part := path.with_name(f"{path.stem}.part{number}{path.suffix}")).exists()
    )


def warn_of_typed_keys(specs: Iterable[OutputSpec]) -> list[str]:
    """Return a warning for every stream whose key was typed on the command line."""
    return [
        f"{spec.shown}: other users of this machine can read its key with `ps`; write "
        f"{spec.server.safer_form}, {{file:PATH}} or {{keyring:SERVICE}}"
        for spec in specs
        if spec.is_stream and spec.server.has_literal_secret
    ]
