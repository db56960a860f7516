"""Measure the rights engine: what it believes, and how fast it decides."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from renderer.bench.machine import describe_machine
from renderer.bench.rights.demo_clips import render_clips
from renderer.bench.rights.documents import (
    Kind,
    count_replays,
    make_decision,
    make_kinds,
    make_parties,
    make_sealed_kind,
)
from renderer.bench.rights.revocation import RevocationFigures, measure_revocation
from renderer.bench.rights.sealed_files import make_file_kinds, tamper_file
from renderer.bench.rights.shape import ShapeFigures, measure_shapes
from renderer.bench.rights.signed_media import MediaFigures, measure_signed_media
from renderer.bench.rights.tampering import Tamperer
from renderer.bench.rights.watermark import WatermarkFigures, measure_watermark, read_clip
from renderer.errors import RightsError
from renderer.rights.policy import StudioPolicy

SEED: Final = 20261201
SEALED_SHARE: Final = 1000
"""One sealed file for this number of signed documents: its passphrase takes a tenth of a second."""
MEDIA_SHARE: Final = 500
"""One changed recording for this number of documents: each takes some milliseconds."""
SEARCHES: Final = 1000
"""Searches of unmarked pictures."""
DECISIONS: Final = 2000
"""Timed decisions."""


@dataclass(frozen=True, slots=True)
class RightsFigures:
    """Results.

    Attributes:
        tampered: number of changed documents tried.
        tampered_accepted: of those, how many were believed.
        replays_accepted: of the known replays, how many were believed.
        crashes: errors other than a refusal in one sentence.
        signed_accepted: share of unchanged documents that were believed.
        decision_ms: median and 99th percentile of a decision, milliseconds.
        verify_ms: median of verifying one unchanged document of each kind, milliseconds.
        examples: the first documents that were believed, or crashes.
        revocation: decisions in a show, and a revocation on air.
        media: credentials in recordings.
        watermark, shape: None if it was not measured.
    """

    machine: dict[str, str | int | float]
    tampered: int
    tampered_accepted: int
    replays_accepted: int
    crashes: int
    signed_accepted: float
    decision_ms: tuple[float, float]
    verify_ms: dict[str, float]
    examples: tuple[str, ...]
    revocation: RevocationFigures
    media: MediaFigures
    watermark: WatermarkFigures | None
    shape: ShapeFigures | None

    def text(self) -> str:
        """Return the figures as lines."""
        median, p99 = self.decision_ms
        kinds = ", ".join(f"{name} {ms:.2f}" for name, ms in self.verify_ms.items())
        lines = [
            f"changed documents   {self.tampered:,}, believed {self.tampered_accepted} (goal 0)",
            f"replays believed    {self.replays_accepted} (goal 0)",
            f"crashes             {self.crashes} (goal 0)",
            f"signed ones         {100 * self.signed_accepted:.0f} % believed (goal 100)",
            f"decision            median {median:.3f} ms, p99 {p99:.3f} ms (goal 1)",
            f"verification, ms    {kinds}",
        ]
        lines += self.revocation.lines()
        lines += self.media.lines()
        if self.watermark is not None:
            lines += self.watermark.lines()
        if self.shape is not None:
            lines += self.shape.lines()
        return "\n".join([*lines, *(f"  {example}" for example in self.examples)])

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for JSON."""
        return asdict(self)


def run_rights_bench(
    count: int,
    notify: Callable[[str], None],
    videos: Sequence[Path],
    *,
    clips: Path | None = None,
    searches: int = SEARCHES,
    shapes: int = 0,
    avatars: Sequence[Path] = (),
    media: Sequence[Path] = (),
    policy: StudioPolicy | None = None,
) -> RightsFigures:
    """Measure the documents, the mark if there are videos, and shapes if any are to be made.

    Args:
        count: changed documents to try.
        notify: called with each step.
        videos: unmarked ones on which the mark is measured.
        clips: folder in which the demo's clips are, or will be kept, for the same; None for none.
        searches: of pictures without a mark.
        shapes: avatars to make, whose copies must be recognised.
        avatars: files of more avatars for that.
        media: signed media of others, whose state is known.
        policy: of the studio whose show is revoked; the default one if None.
    """
    parties = make_parties()
    kinds = make_kinds(parties)
    accepted, crashes, examples = 0, 0, []
    files = make_file_kinds(SEED)
    each = count // (len(kinds) + len(files))
    for number, kind in enumerate(kinds):
        notify(f"changing a {kind.name}")
        tamperer = Tamperer(kind.text, parties, SEED + number)
        for _ in range(each):
            text = tamperer.make()
            believed, crash = _try(lambda kind=kind, text=text: kind.accepts(text))  # type: ignore[misc]
            accepted, crashes = accepted + believed, crashes + bool(crash)
            if believed or crash:
                examples.append(f"{kind.name}: {crash or 'believed'}: {text[:160]}")
    chosen = random.Random(SEED)
    for file in files:
        notify(f"changing a {file.name}")
        for _ in range(each):
            data = tamper_file(file, chosen)
            believed, crash = _try(lambda file=file, data=data: file.believes(data))  # type: ignore[misc]
            accepted, crashes = accepted + believed, crashes + bool(crash)
            if believed or crash:
                examples.append(f"{file.name}: {crash or 'believed'}: {data[:160]!r}")
    sealed, tried = _try_sealed(count // SEALED_SHARE)
    believed_signed = sum(kind.accepts(kind.text) for kind in kinds)
    believed_signed += sum(file.accepts(file.data) for file in files)
    notify("timing")
    return RightsFigures(
        describe_machine(),
        each * (len(kinds) + len(files)) + tried,
        accepted + sealed,
        count_replays(parties),
        crashes,
        believed_signed / (len(kinds) + len(files)),
        _time(make_decision(parties), DECISIONS),
        {kind.name: _time(lambda kind=kind: kind.accepts(kind.text), 200)[0] for kind in kinds},  # type: ignore[misc]
        tuple(examples[:5]),
        measure_revocation(DECISIONS, notify, policy),
        measure_signed_media(max(20, count // MEDIA_SHARE), media, notify),
        _measure_watermark(videos, clips, searches, notify),
        measure_shapes(shapes, avatars, notify) if shapes else None,
    )


def _measure_watermark(
    videos: Sequence[Path], clips: Path | None, searches: int, notify: Callable[[str], None]
) -> WatermarkFigures | None:
    """Return the mark's figures; None if there is nothing to measure it on."""
    pictures = {video.name: read_clip(video) for video in videos}
    if clips is not None:
        pictures |= render_clips(clips, notify)
    return measure_watermark(pictures, searches, notify) if pictures else None


def _try(believe: Callable[[], bool]) -> tuple[bool, str]:
    """Return whether a changed document was believed, and how reading it crashed, if it did."""
    try:
        return believe(), ""
    except RightsError:
        return False, ""
    except Exception as fault:  # noqa: BLE001 - counted: anything else is a crash
        return False, repr(fault)[:200]


def _try_sealed(count: int) -> tuple[int, int]:
    """Return how many changed sealed files were believed, and how many were tried."""
    kind: Kind = make_sealed_kind()
    chosen, believed = random.Random(SEED), 0
    for _ in range(count):
        data = bytearray(kind.text.encode())
        data[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
        try:
            believed += kind.accepts(data.decode("utf-8", "surrogateescape"))
        except (RightsError, ValueError):
            continue
    return believed, count


def _time(act: Callable[[], bool], count: int) -> tuple[float, float]:
    """Return the median and 99th percentile of an action's time, milliseconds."""
    taken = []
    for _ in range(count):
        began = time.perf_counter_ns()
        act()
        taken.append((time.perf_counter_ns() - began) / 1e6)
    return statistics.median(taken), statistics.quantiles(taken, n=100)[98]
