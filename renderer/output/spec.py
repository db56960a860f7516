"""Specify outputs of a show: where the program goes, and how it is encoded there."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from renderer.errors import OutputError
from renderer.output.device_address import parse_ndi, parse_virtual_camera
from renderer.output.output_options import IMAGES, OutputOptions
from renderer.output.srt_address import SrtAddress, parse_srt
from renderer.output.stream_address import StreamAddress, parse_stream
from renderer.output.whip_address import WhipAddress, parse_whip
from renderer.protocol.pictures import PROGRAM

PLAYLIST: Final = "live.m3u8"
"""File name of an HLS output's playlist, in its folder."""
LIVE_PLAYLIST: Final = "low_latency.m3u8"
"""File name of its playlist of the live edge, in parts."""
RECORDINGS: Final = {".mp4": "mp4", ".mov": "mov"}
"""Kind of a recording by suffix: MOV has alpha (ProRes 4444), MP4 (H.264) has none."""
KIND_OF_IMAGES: Final = "frames"
_PART: Final = re.compile(r"(.+)\.part(\d+)")
"""Stem of a further part of a recording: the recording's own, and the part's number."""
RAW_KINDS: Final = ("ndi", "vcam")
"""Kinds of outputs that get pictures as they are, not encoded."""


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
    "whip": parse_whip,
    "ndi": parse_ndi,
    "vcam": parse_virtual_camera,
}
"""Parser of a stream's address, by the output's kind."""


@dataclass(frozen=True, slots=True, repr=False)
class OutputSpec:
    """An output's kind and address.

    Attributes:
        kind: "mp4", "mov", "rtmp", "srt", "whip", "ndi", "vcam", "hls" or "frames".
        address: the file, the URL or the folder. A URL may contain a stream key: use `shown` for
            anything displayed or logged.
        view: that it shows, "program" or "vertical".
        options: size, bit rate and more, where they were named.
    """

    kind: str
    address: str
    view: str = PROGRAM
    options: OutputOptions = field(default_factory=OutputOptions)

    @property
    def shown(self) -> str:
        """Return the word for display and logs, without secrets."""
        address = self.server.shown if self.is_stream else self.address
        return address if self.view == PROGRAM else f"{self.view}:{address}"

    @property
    def is_recording(self) -> bool:
        """Return whether the output is a file."""
        return self.kind in RECORDINGS.values()

    @property
    def is_images(self) -> bool:
        """Return whether the output is a folder with a file for every picture."""
        return self.kind == KIND_OF_IMAGES

    @property
    def watch_folder(self) -> Path:
        """Return the folder that an HLS output is watched from: that of all its renditions."""
        folder = Path(self.address)
        return folder.parent if self.options.variants else folder

    @property
    def is_stream(self) -> bool:
        """Return whether the output has a process of its own that passes it to other programs."""
        return self.kind in _PARSERS

    @property
    def is_raw(self) -> bool:
        """Return whether the output gets pictures that are not encoded."""
        return self.kind in RAW_KINDS

    def check_alpha(self, *, is_keyed: bool) -> None:
        """Raise an OutputError if the output's codec does not suit the show's picture.

        Args:
            is_keyed: whether the show draws over transparency.
        """
        if is_keyed and self.kind not in ("mov", KIND_OF_IMAGES):
            raise OutputError(
                f"the output {self.shown}",
                "is sent without alpha"
                if self.is_raw
                else "is encoded as H.264, which keeps no alpha",
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
    def whip(self) -> WhipAddress:
        """Return the parts of a WHIP stream's address.

        Raises:
            OutputError: the output is none, or its address is invalid.
        """
        return parse_whip(self.address)

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


def next_part(path: Path) -> Path:
    """Return the first name of a further part of a recording that no file has.

    Args:
        path: of the recording or of its last part, which the further part is numbered after.
    """
    stem, number = path.stem, 1
    if (ended := _PART.fullmatch(stem)) is not None:
        stem, number = ended[1], int(ended[2])
    return next(
        part
        for further in itertools.count(number + 1)
        if not (part := path.with_name(f"{stem}.part{further}{path.suffix}")).exists()
    )


def list_images(folder: Path) -> list[Path]:
    """Return the files of a sequence in a folder, in order."""
    return sorted(file for image in IMAGES for file in folder.glob(f"frame_*.{image}"))


def warn_of_typed_keys(specs: Iterable[OutputSpec]) -> list[str]:
    """Return a warning for every stream whose key was typed on the command line."""
    return [
        f"{spec.shown}: other users of this machine can read its key with `ps`; write "
        f"{spec.server.safer_form}, {{file:PATH}} or {{keyring:SERVICE}}"
        for spec in specs
        if spec.is_stream and spec.server.has_literal_secret
    ]
