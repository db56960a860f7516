"""Measure whether changed and stripped recordings pass for signed ones."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import av

from renderer.paths import CLIP
from renderer.rights.declaration import Declaration
from renderer.rights.provenance.certificate import make_chain
from renderer.rights.provenance.credentials import Signature, read_credentials, sign_file
from renderer.rights.show_records import make_record

_SEED: Final = 20261202
_BELIEVED: Final = (Signature.TRUSTED, Signature.INTACT)


@dataclass(frozen=True, slots=True)
class MediaFigures:
    """Results.

    Attributes:
        is_signed_trusted: whether an unchanged signed recording is trusted.
        changed, believed: recordings with changed bytes, and how many of them passed.
        stripped: what a copy without its credentials is called.
        strange: what a recording that a stranger signed is called.
        files: state of each given file, by name.
    """

    is_signed_trusted: bool
    changed: int
    believed: int
    stripped: str
    strange: str
    files: dict[str, str]

    def lines(self) -> list[str]:
        """Return the figures as lines."""
        lines = [
            f"signed recording    {'trusted' if self.is_signed_trusted else 'NOT TRUSTED'}",
            f"changed recordings  {self.changed}, believed {self.believed} (goal 0)",
            f"stripped            {self.stripped} (goal none)",
            f"signed by others    {self.strange} (goal intact, not trusted)",
        ]
        return lines + [f"{'':20}{name}: {state}" for name, state in self.files.items()]


def measure_signed_media(
    count: int, files: Sequence[Path], notify: Callable[[str], None]
) -> MediaFigures:
    """Sign a recording, change it in many ways, and read others' files.

    Args:
        count: changes to try.
        files: signed media of others.
        notify: called with each step.
    """
    now = datetime.now(UTC)
    crew, stranger = make_chain(now), make_chain(now)
    record = make_record("E1B2C", Declaration("Mai", show="First Light"), (), now)
    with tempfile.TemporaryDirectory() as folder:
        own, other, copy = (Path(folder) / name for name in ("own.mp4", "other.mp4", "copy.mp4"))
        for path, certificate in ((own, crew), (other, stranger)):
            shutil.copy(CLIP, path)
            sign_file(path, record, certificate)
        trusted = read_credentials(own, crew.root).signature is Signature.TRUSTED
        strange = read_credentials(other, crew.root).signature.value
        notify(f"changing a signed recording {count} times")
        data, chosen, believed = own.read_bytes(), random.Random(_SEED), 0
        for _ in range(count):
            copy.write_bytes(_change(data, chosen))
            believed += read_credentials(copy, crew.root).signature in _BELIEVED
        _remux(own, copy)
        stripped = read_credentials(copy, crew.root).signature.value
    found = {path.name: read_credentials(path).signature.value for path in files}
    return MediaFigures(trusted, count, believed, stripped, strange, found)


def _change(data: bytes, chosen: random.Random) -> bytes:
    """Return a recording with a changed bit, or with a block removed or repeated."""
    place = chosen.randrange(len(data))
    match chosen.randrange(3):
        case 0:
            changed = bytearray(data)
            changed[place] ^= 1 << chosen.randrange(8)
            return bytes(changed)
        case 1:
            return data[:place] + data[place + chosen.randrange(1, 4096) :]
        case _:
            return data[:place] + data[place : place + 64] + data[place:]


def _remux(source: Path, target: Path) -> None:
    """Copy the packets into a new file, as an upload does; nothing is encoded."""
    with av.open(str(source)) as given, av.open(str(target), "w") as made:
        stream = made.add_stream_from_template(given.streams.video[0])
        for packet in given.demux(given.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                made.mux(packet)
