"""Replays takes as their show displayed them: its display times, overrides and face profiles.

A take records what the performer did, so solving it normally leaves the operator's overrides out.
Here the show's recorded events are applied too, and the program version that recorded a take
reproduces the displayed motion to the bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from renderer.errors import MotionError, RendererError
from renderer.motion.cameras.calibration_file import decode_cameras
from renderer.motion.core.records import LIMBS, Motion
from renderer.motion.core.sources import Event, Posed
from renderer.motion.face.calibration_store import decode_profile, encode_profile
from renderer.motion.face.profile import FaceProfile
from renderer.motion.mixing.director import LimbOverride
from renderer.motion.performance import CAMERAS_EVENT, Performance
from renderer.motion.priors.own import OwnModels, load_own_models
from renderer.motion.priors.weights import read_card
from renderer.motion.takes.encryption import decrypt
from renderer.motion.takes.playback import open_playback
from renderer.motion.takes.read import Take

_DIRECTION: Final = "direction"
_FACE: Final = "face"
_MODELS: Final = "models"
_TOLD: Final = {_DIRECTION: "playback", _MODELS: "model of the performer's own"}
"""What the crew calls what these kinds of events record."""


def direction_event(
    t_ns: int, limbs: Sequence[str], treatment: LimbOverride, path: Path | None = None
) -> Event:
    """Create the event that records an override of limbs.

    Args:
        t_ns: time from which it applies.
        limbs: names in LIMBS.
        treatment: what they show.
        path: the file that they play, where `treatment` is TAKE.
    """
    names = " ".join(limbs)
    values = {"limbs": names, "treatment": treatment.value}
    if path is not None:
        values["path"] = str(path.absolute())
    return Event(t_ns, _DIRECTION, f"{names}: {treatment.value}", values)


def face_event(t_ns: int, profile: FaceProfile) -> Event:
    """Create the event that records the face profile used from the time t_ns on."""
    return Event(t_ns, _FACE, "calibrated", {"profile": encode_profile(profile).decode()})


def models_event(t_ns: int, files: Sequence[Path]) -> Event:
    """Create the event that records the performer's own models used from the time t_ns on."""
    hashes = [read_card(path).sha256 for path in files]
    text = ", ".join(path.name for path in files) or "the shipped ones"
    paths = [str(path.absolute()) for path in files]
    return Event(t_ns, _MODELS, text, {"paths": "\n".join(paths), "sha256": "\n".join(hashes)})


def replay_as_shown(take: Take, performer: int = 0) -> Iterator[Motion]:
    """Yield every motion of a performer that the show displayed.

    Events that cannot be replayed any more, such as the playback of a take that no longer exists,
    are added to the take's warnings.

    Args:
        take: the take.
        performer: 0 is the first.

    Raises:
        MotionError: the take does not record the display of this performer.
    """
    performance = Performance()
    has_poses = False
    for entry in take.entries():
        if entry.performer != performer:
            continue
        match entry.record:
            case Posed(t_ns=t_ns):
                has_poses = True
                yield performance.at(t_ns)
            case Event() as event:
                _apply_event(performance, event, take, performer)
            case record:
                performance.push(entry.source, record)
    if not has_poses:
        raise MotionError(
            f"Take {take.path}",
            f"has no display times of performer {performer + 1}",
            "export it without --as-shown, at a chosen rate",
        )


def _apply_event(performance: Performance, event: Event, take: Take, performer: int) -> None:
    """Apply one of the show's events."""
    try:
        if event.kind == _DIRECTION:
            limbs = event.values["limbs"].split()
            treatment = LimbOverride(event.values["treatment"])
            if not set(limbs) <= set(LIMBS):
                raise ValueError(event.values["limbs"])
            playback = None
            if treatment is LimbOverride.TAKE:
                playback = open_playback(Path(event.values["path"]), performer, take.unlock)
            performance.director.override(limbs, treatment, playback)
        elif event.kind == CAMERAS_EVENT:
            performance.set_cameras(decode_cameras(event.values["cameras"]))
        elif event.kind == _MODELS:
            performance.set_models(_load_models(event, take))
        elif event.kind == _FACE:
            performance.set_face_profile(decode_profile(event.values["profile"]))
    except RendererError as fault:
        take.warnings.append(
            f"Take {take.path}: a {_TOLD.get(event.kind, event.kind)} cannot be replayed and is "
            f"left out; {fault}"
        )
    except (ValueError, KeyError):
        take.warnings.append(
            f"Take {take.path}: a {event.kind} is of another version of the program and is left out"
        )


def _load_models(event: Event, take: Take) -> OwnModels:
    """Return the own models that an event names.

    Raises:
        RendererError: one is not there any more, was trained again, or must not be read.
    """
    files = [Path(one) for one in event.values["paths"].split("\n") if one]
    for path, digest in zip(files, event.values["sha256"].split("\n"), strict=False):
        if read_card(path).sha256 != digest:
            raise MotionError(
                f"Model {path}", "was trained again after the show", "restore the earlier one"
            )
    return load_own_models(files, partial(decrypt, unlock=take.unlock))
