"""Specify outputs of a show, and parse the words that name them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Protocol

from renderer.errors import OutputError
from renderer.output.output_options import (
    IMAGES,
    OutputOptions,
    WrittenOptions,
    parse_options,
    parse_picture_size,
    split_options,
)
from renderer.output.srt_address import SrtAddress, is_srt, parse_srt
from renderer.output.stream_address import (
    StreamAddress,
    is_stream,
    parse_stream,
    remove_secrets,
)
from renderer.output.whip_address import WhipAddress, is_whip, parse_whip
from renderer.protocol.pictures import PROGRAM, VERTICAL

PLAYLIST: Final = "live.m3u8"
"""File name of an HLS output's playlist, in its folder."""
LIVE_PLAYLIST: Final = "low_latency.m3u8"
"""File name of its playlist of the live edge, in parts."""
_RECORDINGS: Final = {".mp4": "mp4", ".mov": "mov"}
"""Kind of a recording by suffix: MOV has alpha (ProRes 4444), MP4 (H.264) has none."""
_HLS_PREFIX: Final = "hls:"
_IMAGES_PREFIX: Final = "frames:"
_KIND_OF_IMAGES: Final = "frames"
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
    "whip": parse_whip,
}
"""Parser of a stream's address, by the output's kind."""


@dataclass(frozen=True, slots=True, repr=False)
class OutputSpec:
    """An output's kind and address.

    Attributes:
        kind: "mp4", "mov", "rtmp", "srt", "whip", "hls" or "frames".
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
        return self.kind in _RECORDINGS.values()

    @property
    def is_images(self) -> bool:
        """Return whether the output is a folder with a file for every picture."""
        return self.kind == _KIND_OF_IMAGES

    @property
    def watch_folder(self) -> Path:
        """Return the folder that an HLS output is watched from: that of all its renditions."""
        folder = Path(self.address)
        return folder.parent if self.options.variants else folder

    @property
    def is_stream(self) -> bool:
        """Return whether the output is a connection to another machine, or waits for one."""
        return self.kind in _PARSERS

    def check_alpha(self, *, is_keyed: bool) -> None:
        """Raise an OutputError if the output's codec does not suit the show's picture.

        Args:
            is_keyed: whether the show draws over transparency.
        """
        if is_keyed and self.kind not in ("mov", _KIND_OF_IMAGES):
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


def parse_output(word: str) -> OutputSpec:
    """Parse an output's word: `show.mp4`, `keyed.mov`, a stream's address, `hls:FOLDER`.

    `frames:FOLDER` names a folder of images; `vertical:` before any of them the upright view
    instead of the program; `#size=1280x720,bitrate=2500k` after it a rendition of its own.

    Raises:
        OutputError: the word is none of these, or names several renditions.
    """
    address, text = split_options(word)
    options = parse_options(text).read_one()
    return _check_options(_parse_address(address), options)


def parse_outputs(word: str) -> tuple[OutputSpec, ...]:
    """Parse a word as `parse_output` does; `hls:FOLDER` may name several renditions.

    `hls:FOLDER#size=1920x1080+1280x720+vertical` writes each of them into a folder inside FOLDER,
    and playlists of all of them into FOLDER.

    Raises:
        OutputError: as from `parse_output`.
    """
    address, text = split_options(word)
    written = parse_options(text)
    if len(written.sizes) < 2 or not address.startswith(_HLS_PREFIX):
        return (parse_output(word),)
    if written.rates and len(written.rates) != len(written.sizes):
        raise OutputError(
            f"the output {address}",
            f"has {len(written.sizes)} sizes and {len(written.rates)} bit rates",
            "give a bit rate for each size, or none",
        )
    specs = []
    for number, size in enumerate(written.sizes):
        view = VERTICAL if size == VERTICAL else PROGRAM
        rate = written.rates[number] if written.rates else None
        own = WrittenOptions((), () if rate is None else (rate,), written.fallback, written.image)
        one = _check_options(_parse_address(address), own.read_one())
        options = one.options
        if view == PROGRAM:
            rendition = replace(options.rendition, size=parse_picture_size(size))
            options = replace(options, rendition=rendition)
        specs.append(replace(one, view=view, options=options))
    names = _name_variants(written.sizes)
    return tuple(
        replace(
            one,
            address=str(Path(one.address) / name),
            options=replace(one.options, variants=names),
        )
        for one, name in zip(specs, names, strict=True)
    )


def _name_variants(sizes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the folder of each rendition: `1080p`, or the size where two have as many lines.

    Raises:
        OutputError: a size is given twice.
    """
    if len(set(sizes)) < len(sizes):
        raise OutputError(f"the size {'+'.join(sizes)}", "names one twice", "name each once")
    lines = [size.partition("x")[2] for size in sizes]
    return tuple(
        size if not high or lines.count(high) > 1 else f"{high}p"
        for size, high in zip(sizes, lines, strict=True)
    )


def _parse_address(word: str) -> OutputSpec:
    """Parse an output's word without options."""
    if word.startswith(_VERTICAL_PREFIX):
        return replace(_parse_address(word.removeprefix(_VERTICAL_PREFIX)), view=VERTICAL)
    if is_stream(word):
        parse_stream(word)
        return OutputSpec("rtmp", word)
    if is_srt(word):
        parse_srt(word)
        return OutputSpec("srt", word)
    if is_whip(word):
        parse_whip(word)
        return OutputSpec("whip", word)
    for prefix, kind in ((_HLS_PREFIX, "hls"), (_IMAGES_PREFIX, _KIND_OF_IMAGES)):
        if word.startswith(prefix) and word != prefix:
            return OutputSpec(kind, word.removeprefix(prefix))
    if "://" not in word and Path(word).suffix.lower() in _RECORDINGS:
        return _parse_file(word)
    raise OutputError(
        f"the output {remove_secrets(word)!r}",
        "is of no known kind",
        "name a file ending in .mp4, a stream as rtmp://host/app/key, srt://host:port or "
        "whip+https://host/path, or a folder as hls:FOLDER or frames:FOLDER",
    )


def _check_options(spec: OutputSpec, options: OutputOptions) -> OutputSpec:
    """Return an output with options that suit its kind.

    Raises:
        OutputError: they do not.
    """
    rendition = options.rendition
    if options.fallback and not spec.is_recording:
        raise OutputError(
            f"the output {spec.shown}", "has a fallback, which only a recording has", "leave it out"
        )
    if rendition.image and not spec.is_images:
        raise OutputError(
            f"the output {spec.shown}", "is no folder of images", "name one as frames:FOLDER"
        )
    if spec.kind == "whip":
        rendition = replace(rendition, is_baseline=True)
    if spec.is_images:
        if rendition.kbit_s is not None:
            raise OutputError(
                f"the output {spec.shown}", "has a bit rate, which images have not", "leave it out"
            )
        rendition = replace(rendition, image=rendition.image or IMAGES[0])
    return replace(spec, options=replace(options, rendition=rendition))


def parse_recording(word: str) -> OutputSpec:
    """Parse a recording's file name, even if it could also be taken for another kind of output.

    `frames:FOLDER` names a folder of images, `vertical:` before it the upright view instead of the
    program; options may follow, as in `parse_output`.

    Raises:
        OutputError: it ends in neither .mp4 nor .mov.
    """
    address, text = split_options(word)
    options = parse_options(text).read_one()
    bare = address.removeprefix(_VERTICAL_PREFIX)
    if bare.startswith(_IMAGES_PREFIX):
        return _check_options(_parse_address(address), options)
    spec = _parse_file(bare)
    view = PROGRAM if bare == address else VERTICAL
    return _check_options(replace(spec, view=view), options)


def _parse_file(word: str) -> OutputSpec:
    """Parse a recording's file name, without the view and options."""
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
