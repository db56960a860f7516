"""Run the benchmark on clips of real people and report it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np

from avatars import load_avatar
from avatars.instance import AvatarInstance
from avatars.model import Avatar
from renderer.bench.end_to_end import observe_everybody
from renderer.bench.motion.follow import measure_follow
from renderer.bench.motion.truthset import film_clip
from renderer.bench.people.clip import People, count_people, show_clip
from renderer.bench.people.contact import contact_miss, find_touches, hands_depth
from renderer.bench.people.facing import idol_facing, judge_facing
from renderer.bench.people.measures import (
    count_refused_own_arms,
    count_too_close,
    hips_jump,
    largest_step,
)
from renderer.capture.process.messages import FrameObservations
from renderer.errors import MotionError
from renderer.paths import IDOL

_ABSENT: Final = "-"

_TRUTH_CLIPS: Final = ("hand-on-face", "arms-crossed")
"""Clips of the ground-truth set in which hands touch something."""

_SUFFIXES: Final = frozenset((".avi", ".m4v", ".mkv", ".mov", ".mp4", ".webm"))
"""Names of video files end in these."""


@dataclass(frozen=True, slots=True)
class ClipFigures:
    """One clip's figures; of several performers the worst.

    Attributes:
        performers: number of performers.
        frames: number of frames.
        lost: frames without a face or body of a performer, summed over the performers.
        wrong_facing_frames: frames in which an idol faces away from the audience while its
            performer faces the camera, or the other way round, summed over the performers.
        own_arms_refused: arms refused as another person's with nobody else near, summed.
        largest_step_m: largest step of any joint between two frames, metres, with its joint and
            time in seconds.
        idols_too_close_frames: frames in which joints of two idols are closer than 0.3 m.
        hips_jump_m: largest vertical step of the hips that the performer did not make, metres.
        contact_frames: frames in which a hand rests on the face, summed over hands.
        contact_error_m: 90th percentile of how far a hand is from the place on the face that it
            touches, surface to surface, metres; None where no hand touches a face.
        hands_inside_m: greatest depth of a hand inside head or torso, metres.
        follow_deg_median, follow_deg_p90: angles between an idol's limbs and its performer's in the
            picture, degrees; None where no limb is seen.
    """

    performers: int
    frames: int
    lost: int
    wrong_facing_frames: int
    own_arms_refused: int
    largest_step_m: float
    largest_step_joint: str
    largest_step_at_s: float
    idols_too_close_frames: int
    hips_jump_m: float
    contact_frames: int
    contact_error_m: float | None
    hands_inside_m: float
    follow_deg_median: float | None
    follow_deg_p90: float | None


@dataclass(frozen=True, slots=True)
class PeopleReport:
    """The figures of every clip, by its name."""

    clips: dict[str, ClipFigures]

    def text(self) -> str:
        """Format the report as a table for people."""
        head = (
            f"{'clip':<22}{'frames':>7}{'lost':>6}{'wrong':>7}{'arms':>6}{'step m':>8}{'close':>7}"
            f"{'hips m':>8}{'contact':>9}{'inside':>8}{'follow':>8}{'p90':>7}"
        )
        rows = [
            f"{name[:21]:<22}{one.frames:>7}{one.lost:>6}{one.wrong_facing_frames:>7}"
            f"{one.own_arms_refused:>6}{one.largest_step_m:>8.3f}{one.idols_too_close_frames:>7}"
            f"{one.hips_jump_m:>8.3f}{_number(one.contact_error_m, 3):>9}{one.hands_inside_m:>8.3f}"
            f"{_number(one.follow_deg_median, 1):>8}{_number(one.follow_deg_p90, 1):>7}"
            f"  {one.largest_step_joint} at {one.largest_step_at_s:.2f} s"
            for name, one in self.clips.items()
        ]
        note = (
            "Wrong: frames that face the wrong way. Arms: own arms refused. Step: a joint's "
            "largest between two frames. Close: frames with idols nearer than 0.3 m. Hips: the "
            "largest step that the performer did not make. Contact: a hand's distance from the "
            "place on the face that it touches. Inside: how deep a hand is in head or torso. "
            "Follow: degrees in the picture, median and p90."
        )
        return "\n".join((head, *rows, note))

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON, by clip."""
        return {name: asdict(one) for name, one in self.clips.items()}


def find_clips(folder: Path) -> list[Path]:
    """Return the videos in a folder and below it, sorted by name.

    Raises:
        MotionError: there is none.
    """
    clips = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)
    if not clips:
        raise MotionError(str(folder), "contains no video", "name a folder with video files")
    return clips


def run_people_bench(
    clips: Sequence[Path], avatar: Path | None, truth: bool, progress: Callable[[str], None]
) -> PeopleReport:
    """Measure an avatar on clips of real people.

    Args:
        clips: video files; the number of performers is counted in each.
        avatar: the default idol if None.
        truth: whether to measure the ground-truth set's clips with contacts as well.
        progress: receives the current step.

    Raises:
        RendererError: a clip or the avatar cannot be used.
    """
    idol = load_avatar(avatar or IDOL)
    figures: dict[str, ClipFigures] = {}
    for clip in clips:
        people = count_people(clip)
        progress(f"watching {clip.name}: performers {people.performers}")
        figures[clip.stem] = measure_clip(observe_everybody(clip, people.performers), people, idol)
    for name in _TRUTH_CLIPS if truth else ():
        progress(f"watching {name} of the ground-truth set, filmed if it is not there yet")
        frames = observe_everybody(film_clip(name), 1)
        figures[f"truth {name}"] = measure_clip(frames, People(1, 0), idol)
    return PeopleReport(figures)


def measure_clip(frames: list[FrameObservations], people: People, idol: Avatar) -> ClipFigures:
    """Measure one clip's observations."""
    by_performer = list(zip(*frames, strict=True))
    touches = [find_touches(seen) for seen in by_performer]
    missed: list[float] = []
    depths: list[float] = []

    def watch(who: int, frame: int, instance: AvatarInstance) -> None:
        depths.append(hands_depth(instance))
        missed.extend(
            contact_miss(instance, side, place)
            for side, place in enumerate(touches[who][frame])
            if np.isfinite(place).all()
        )

    shown = show_clip(frames, idol, watch)
    times = np.array([one[0].t_seen_ns for one in frames], np.float64)
    steps = [largest_step(positions, times) for positions in shown]
    step = max(steps, key=lambda one: one.metres)
    facings = [
        (judge_facing(seen), idol_facing(p)) for seen, p in zip(by_performer, shown, strict=True)
    ]
    follows = [measure_follow(seen, idol).total for seen in by_performer]
    counted = [one for one in follows if one.counted]
    return ClipFigures(
        performers=len(by_performer),
        frames=len(frames),
        lost=sum(one.pose is None and one.face is None for seen in by_performer for one in seen),
        wrong_facing_frames=sum(int((a * b < 0.0).sum()) for a, b in facings),
        own_arms_refused=sum(
            count_refused_own_arms(
                seen, [o for o in by_performer if o is not seen], people.bystanders > 0
            )
            for seen in by_performer
        ),
        largest_step_m=step.metres,
        largest_step_joint=step.joint,
        largest_step_at_s=step.at_s,
        idols_too_close_frames=count_too_close(shown),
        hips_jump_m=max(hips_jump(p, seen) for seen, p in zip(by_performer, shown, strict=True)),
        contact_frames=len(missed),
        contact_error_m=float(np.percentile(missed, 90)) if missed else None,
        hands_inside_m=max(depths, default=0.0),
        follow_deg_median=max((one.median for one in counted), default=None),
        follow_deg_p90=max((one.p90 for one in counted), default=None),
    )


def _number(value: float | None, places: int) -> str:
    return _ABSENT if value is None else f"{value:.{places}f}"
