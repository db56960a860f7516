"""Parse what may follow an output's address: `#size=1280x720,bitrate=2500k,fallback=FOLDER`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from renderer.errors import OutputError
from renderer.output.encode.rendition import Rendition

IMAGES: Final = ("png", "exr")
"""Kinds of image files that pictures are written to."""
_NAMES: Final = ("size", "bitrate", "fallback", "image")
_NAME: Final = f"(?:{'|'.join(_NAMES)})="
_BEGIN: Final = re.compile(f"#(?={_NAME})")
"""Where the options begin: a file's name or a stream's key may contain a # too."""
_BETWEEN: Final = re.compile(f",(?={_NAME})")
_SIZE: Final = re.compile(r"(\d{2,5})x(\d{2,5})")
_RATE: Final = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)([kM])")
_REMEDY: Final = (
    "write #size=1280x720,bitrate=2500k after the address, or #fallback=FOLDER after a recording's"
)


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """What an output's word says besides its address.

    Attributes:
        rendition: how the program is encoded for it.
        fallback: a recording's second folder, where it goes on if its disk fails; empty for none.
        variants: folders of an HLS output that is one of several renditions, listed in a playlist
            beside them; empty for an output of its own.
    """

    rendition: Rendition = field(default_factory=Rendition)
    fallback: str = ""
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenOptions:
    """The options as written, each a list where several renditions are named.

    Attributes:
        sizes: `1280x720`, or the name of a view.
        rates: kbit/s.
        fallback, image: as written; empty where they are not.
    """

    sizes: tuple[str, ...] = ()
    rates: tuple[int, ...] = ()
    fallback: str = ""
    image: str = ""

    def read_one(self) -> OutputOptions:
        """Return the options of an output that has one rendition.

        Raises:
            OutputError: several are named, or the size is none.
        """
        if len(self.sizes) > 1 or len(self.rates) > 1:
            raise OutputError(
                f"the size {'+'.join(self.sizes)}",
                "names several renditions, which only an hls: output has",
                "name the output once for each of them",
            )
        size = parse_picture_size(self.sizes[0]) if self.sizes else None
        rate = self.rates[0] if self.rates else None
        return OutputOptions(Rendition(size, rate, self.image), self.fallback)


def split_options(word: str) -> tuple[str, str]:
    """Return an output's word without its options, and the options' text."""
    begin = _BEGIN.search(word)
    return (word, "") if begin is None else (word[: begin.start()], word[begin.end() :])


def parse_options(text: str) -> WrittenOptions:
    """Parse the options' text; empty for none.

    Raises:
        OutputError: one of them is unknown, is given twice, or has a value that is none.
    """
    read = WrittenOptions()
    seen: set[str] = set()
    for part in _BETWEEN.split(text) if text else ():
        name, _, value = part.partition("=")
        if name in seen or not value:
            raise OutputError(
                f"the output's option {name!r}",
                "is given twice" if name in seen else "is empty",
                _REMEDY,
            )
        seen.add(name)
        if name == "size":
            read = replace(read, sizes=tuple(value.split("+")))
        elif name == "bitrate":
            read = replace(read, rates=tuple(map(_parse_rate, value.split("+"))))
        elif name == "fallback":
            read = replace(read, fallback=value)
        elif value not in IMAGES:
            raise OutputError(f"images as {value!r}", "cannot be written", "write image=png or exr")
        else:
            read = replace(read, image=value)
    return read


def write_options(text: str, size: str = "", kbit_s: int = 0, fallback: str = "") -> str:
    """Return a word with options that a document holds beside it, where it has none itself."""
    options = [
        f"{name}={value}"
        for name, value in (
            ("size", size),
            ("bitrate", f"{kbit_s}k" if kbit_s else ""),
            ("fallback", fallback),
        )
        if value
    ]
    if not options:
        return text
    word, written = split_options(text)
    return f"{word}#{','.join([written, *options] if written else options)}"


def place_fallback(text: str, resolve: Callable[[str], str]) -> str:
    """Return the options' text with its #, and with the fallback folder as `resolve` returns it."""
    parts = [
        f"fallback={resolve(part.removeprefix('fallback='))}"
        if part.startswith("fallback=")
        else part
        for part in _BETWEEN.split(text)
    ]
    return f"#{','.join(parts)}" if text else ""


def parse_picture_size(word: str) -> tuple[int, int]:
    """Parse `1280x720`.

    Raises:
        OutputError: it is no size that can be encoded.
    """
    match = _SIZE.fullmatch(word)
    size = (int(match[1]), int(match[2])) if match else (0, 0)
    if any(side < 64 or side > 7680 or side % 2 for side in size):
        raise OutputError(
            f"the size {word!r}", "is none that can be encoded", "write it like 1280x720"
        )
    return size


def _parse_rate(word: str) -> int:
    """Return a bit rate in kbit/s, from `2500k` or `2.5M`.

    Raises:
        OutputError: it is none, or out of range.
    """
    match = _RATE.fullmatch(word)
    rate = round(float(match[1]) * (1000 if match[2] == "M" else 1)) if match else 0
    if not 50 <= rate <= 400_000:
        raise OutputError(
            f"the bit rate {word!r}", "is none from 50k to 400M", "write it like 2500k or 2.5M"
        )
    return rate
