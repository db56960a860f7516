"""Render a clip from a fan kit: marked, labelled, signed, and within the kit's limits."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from avatars import load_avatar
from avatars.instance import AvatarInstance
from avatars.model import Avatar
from renderer.capture.trackers.models import has_model
from renderer.errors import OutputError, RightsError
from renderer.graphics.renderer import StageRenderer
from renderer.motion.exchange.animations import read_animation
from renderer.motion.exchange.sequence import AnimationSource
from renderer.output.media import MediaProcess
from renderer.output.output_words import parse_recording
from renderer.protocol.outputs import OutputState
from renderer.protocol.pictures import PROGRAM
from renderer.rights.disclosure import SEPARATOR, decide_disclosure
from renderer.rights.files import require_file
from renderer.rights.folders import check_clock, load_trust
from renderer.rights.kit.check import (
    Clip,
    check_avatar,
    check_clip,
    check_kit,
    kit_status_store,
    read_grant,
)
from renderer.rights.kit.fan_licence import FanLicence
from renderer.rights.kit.limits import FramingWord
from renderer.rights.kit.package import MOST_BYTES, Kit, open_kit, read_kit_licence
from renderer.rights.kit.record import kit_number, make_kit_record
from renderer.rights.licence import Licence
from renderer.rights.provenance.certificate import load_certificate
from renderer.rights.provenance.credentials import sign_file
from renderer.rights.real_faces import FACE_MODEL, find_real_faces
from renderer.rights.sealed.key import ReceivingKey, load_receiving_key
from renderer.rights.sealed.opener import default_key_place
from renderer.rights.show_records import keep_record
from renderer.rights.vrm_terms import credit_line
from renderer.show.clock import due_ns
from renderer.show.plan import program_size
from renderer.show.rights.label import style_of
from renderer.stage.cameras.framing import Framing
from renderer.stage.cameras.operator import Shot
from renderer.stage.cameras.performers import PerformerMeasure
from renderer.stage.concert import Concert, StagedSong, Staging
from renderer.stage.records import PosedAvatar
from renderer.stage.sets.stage_set import StageSet, load_set
from renderer.stage.text.titles import LowerThirdCue, TitlePlan
from renderer.tools.duet import send_frame
from renderer.tools.duet_staging import BEATS, SECTIONS
from renderer.tools.memory_files import MemoryFiles, has_memory_files
from renderer.transport.pixel_layout import PixelLayout

FPS: Final = 30
LABEL: Final = "FAN CLIP"
"""Stands in the picture of every clip, beside the disclosure."""
CREDIT_S: Final = 3.0
"""Time for which the credit is shown at the clip's start, seconds."""
_WORDS: Final[dict[FramingWord, Framing]] = {
    "wide": Framing.WIDE,
    "full": Framing.FULL,
    "cowboy": Framing.COWBOY,
    "bust": Framing.BUST,
    "close-up": Framing.CLOSE_UP,
    "crowd": Framing.CROWD,
}


@dataclass(frozen=True, slots=True)
class ClipPlan:
    """The clip that a fan wants.

    Attributes:
        kit: file.
        output: .mp4 file to write.
        shots: framings with their beginnings, seconds, the first at 0.
        seconds: length; None for the kit's motion, or its limit if that is shorter.
        size: pixels; None chooses it by this machine's renderer.
        key: place of the fan's key; empty for the usual one.
    """

    kit: Path
    output: Path
    shots: Sequence[tuple[float, FramingWord]] = ((0.0, "full"),)
    seconds: float | None = None
    size: tuple[int, int] | None = None
    key: str = ""


def render_kit(plan: ClipPlan, notify: Callable[[str], None]) -> FanLicence:
    """Render a clip to its file, and return the kit's licence.

    What was encrypted is decrypted in memory alone. Only a kit that is for everybody is unpacked
    into a private temporary folder, where a system has no files in memory.

    Raises:
        RendererError: the kit does not allow the clip, or a file cannot be read or written.
    """
    what, now = str(plan.kit), datetime.now(UTC)
    trust = load_trust()
    data = require_file(plan.kit, f"kit {plan.kit}", MOST_BYTES)
    licence = read_kit_licence(data, trust, what)
    kit = open_kit(data, _load_key(licence, plan.key), trust, what)
    grant = read_grant(kit.parts["licence"], what, trust)
    for note in check_kit(licence, grant, kit_status_store(), trust, now, check_clock(now)):
        notify(note)
    avatar = load_avatar(plan.kit, lambda _: kit.parts["avatar"])
    # Fans need no tracking models: the kit was searched when it was made.
    find_faces = find_real_faces if has_model(FACE_MODEL) else None
    check_avatar(licence, grant, avatar, trust, find_faces)
    width, height = program_size(plan.size)
    with ExitStack() as opened:
        files = _unpack(kit, opened)
        animation = read_animation(files["motion"])
        most = min(animation.duration, licence.terms.limits.seconds)
        seconds = most if plan.seconds is None else plan.seconds
        check_clip(licence, Clip([w for _, w in plan.shots], seconds, min(width, height)))
        if seconds > animation.duration + 1.0 / FPS:
            raise RightsError(
                f"kit {what}", f"has {animation.duration:.1f} s of motion", "take no more"
            )
        stage = load_set(files["set"])
        source = AnimationSource(animation)
        titles = _make_titles(licence, grant, avatar)
        film = _Film(avatar, source, stage, titles, plan.shots, licence.terms.bpm, (width, height))
        with film:
            film.render(plan.output, round(seconds * FPS), files.get("song"), kit_number(licence))
    record = make_kit_record(licence)
    keep_record(record)
    sign_file(plan.output, record, load_certificate())
    return licence


def _load_key(licence: FanLicence, place: str) -> ReceivingKey | None:
    return load_receiving_key(place or default_key_place()) if licence.terms.fan else None


def _unpack(kit: Kit, opened: ExitStack) -> dict[str, Path]:
    """Return files of the parts that are read from files; the avatar is none of them.

    Args:
        kit: to unpack.
        opened: keeps the files until it is closed.

    Raises:
        SetupError: the kit was encrypted, and this system has no files in memory.
    """
    names = {"motion": "motion.vrma", "set": "set.glb", "song": "song.wav"}
    parts: dict[str, bytes] = {name: one for name, one in kit.parts.items() if name in names}
    if has_memory_files() or kit.licence.terms.fan:
        memory = opened.enter_context(MemoryFiles())
        return {name: memory.write(names[name], part) for name, part in parts.items()}
    folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="encore-kit-")))
    written: dict[str, Path] = {name: folder / names[name] for name in parts}
    for name, path in written.items():
        path.write_bytes(parts[name])
    return written


def _make_titles(licence: FanLicence, grant: Licence, avatar: Avatar) -> TitlePlan:
    """Return the label, which no option takes off, and the credit at the clip's start."""
    terms = licence.terms
    disclosure = decide_disclosure((), [grant.terms.depicts], [grant.terms.label, terms.label])
    # What the kit's maker writes stands beside what the rights holder requires, not instead.
    required = grant.terms.credit or credit_line(avatar.meta)
    credit = SEPARATOR.join(dict.fromkeys(one for one in (terms.credit, required) if one))
    cue = LowerThirdCue(0.0, CREDIT_S, terms.kit, credit)
    label = f"{disclosure.label}{SEPARATOR}{LABEL}"
    return TitlePlan((), (cue,), None, label, style_of(disclosure))


class _Film:
    """One avatar on a set, drawn and encoded."""

    def __init__(
        self,
        avatar: Avatar,
        source: AnimationSource,
        stage: StageSet,
        titles: TitlePlan,
        shots: Sequence[tuple[float, FramingWord]],
        bpm: float,
        size: tuple[int, int],
    ) -> None:
        self._source, self._size = source, size
        self._instance = AvatarInstance(avatar)
        self._measure = PerformerMeasure(avatar, self._instance.bone_positions().copy())
        rate = bpm / 60.0
        taken = tuple(Shot(at * rate, _WORDS[word]) for at, word in sorted(shots))
        staging = Staging(bpm, SECTIONS, taken, beats=0.0 if len(taken) > 1 else BEATS)
        self._concert = Concert(StagedSong(staging, titles), stage)
        self._renderer = StageRenderer(*size, stage, [avatar])
        self._concert.has_screen_cameras = self._renderer.draws_screen_cameras
        self._renderer.prepare_titles(titles)

    def __enter__(self) -> _Film:
        return self

    def __exit__(self, *_: object) -> None:
        self._renderer.close()

    def render(self, output: Path, frames: int, song: Path | None, mark: int) -> None:
        """Write the clip, with the mark in every picture.

        Raises:
            OutputError: it cannot be encoded or written.
        """
        spec = parse_recording(str(output))
        media = MediaProcess(*self._size, FPS, live=False, song=song, mark=mark)
        media.start()
        try:
            media.add(spec)
            if media.layout is not PixelLayout.I420:
                self._renderer.open_view(PROGRAM, *self._size, media.layout)
            for number in range(frames):
                self._draw(number)
                made = self._renderer.collect()
                if made is not None:
                    send_frame(media, made)
            for made in self._renderer.finish():
                send_frame(media, made)
            report = media.finish()
        finally:
            media.close()
        for status in report.outputs:
            if status.state is OutputState.FAILED:
                raise OutputError(status.address, status.detail, "choose another file")

    def _draw(self, number: int) -> None:
        seconds = number / FPS
        motion = self._source.at(seconds, due_ns(number, FPS))
        root = (motion.root * (self._instance.hips_height / motion.hips_height)).astype(np.float32)
        self._instance.pose(motion.rotations, root, motion.expressions, motion.gaze)
        self._instance.swing(1.0 / FPS if number else None)
        performer = self._measure.locate(self._instance.bone_positions())
        width, height = self._size
        self._renderer.draw(
            self._concert.state(
                seconds,
                [performer],
                width / height,
                number=number,
                t_show_ns=due_ns(number, FPS),
                t_seen_ns=0,
                avatars=(PosedAvatar.of(0, self._instance),),
            )
        )
