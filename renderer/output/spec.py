"""Where a show can go, and how a word names it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from renderer.errors import OutputError

PLAYLIST = "live.m3u8"
"""Of an HLS output, in its folder."""
RTMP_PORTS = {"rtmp": 1935, "rtmps": 443}


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """One output.

    Attributes:
        kind: "mp4", "rtmp" or "hls".
        address: the file, the URL or the folder.
    """

    kind: str
    address: str

    @property
    def shown(self) -> str:
        """The address as a desk or a log may show it: a stream key is a password."""
        if self.kind != "rtmp":
            return self.address
        parts = urlsplit(self.address)
        app = parts.path.strip("/").split("/")[0]
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}/{app}/…"

    @property
    def host(self) -> tuple[str, int]:
        """Host and port of a stream's server."""
        parts = urlsplit(self.address)
        return parts.hostname or "", parts.port or RTMP_PORTS[parts.scheme]


def parse_output(word: str) -> OutputSpec:
    """Read an output from a word: `show.mp4`, `rtmp://host/app/key`, `hls:FOLDER`.

    Raises:
        OutputError: the word names none of these.
    """
    if word.startswith(("rtmp://", "rtmps://")):
        return _stream(word)
    if word.startswith("hls:") and word != "hls:":
        return OutputSpec("hls", word.removeprefix("hls:"))
    if "://" not in word and Path(word).suffix.lower() == ".mp4":
        return OutputSpec("mp4", word)
    raise OutputError(
        f"the output {word!r}",
        "is of no known kind",
        "name a file ending in .mp4, a stream as rtmp://host/app/key or a folder as hls:FOLDER",
    )


def _stream(word: str) -> OutputSpec:
    spec = OutputSpec("rtmp", word)
    remedy = "write it as rtmp://host/app/key"
    try:
        host, _ = spec.host
    except ValueError:
        raise OutputError("the stream's address", "has a port that is no port", remedy) from None
    if not host or len([part for part in urlsplit(word).path.split("/") if part]) < 2:
        raise OutputError("the stream's address", "lacks its host, app or key", remedy)
    return spec
