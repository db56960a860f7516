"""Takes as their show showed them: its own times, the director's hand, the faces it knew.

A take is what the performer did, so whoever solves it anew leaves the director out; here all that
the show noted is followed, and the code that recorded a take gives what was shown to the bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from renderer.errors import MotionError, RendererError
from renderer.motion.core.records import LIMBS, Motion
from renderer.motion.core.sources import Event, Posed
from renderer.motion.face.calibration_store import decode_profile, encode_profile
from renderer.motion.face.profile import FaceProfile
from renderer.motion.mixing.director import Treatment
from renderer.motion.performance import Performance
from renderer.motion.takes.playback import open_playback
from renderer.motion.takes.read import Take

_DIRECTION: Final = "direction"
_FACE: Final = "face"


def direction_note(
    t_ns: int, limbs: Sequence[str], treatment: Treatment, path: Path | None = None
) -> Event:
    """What a director had limbs show from the time t_ns on.

    Args:
        path: of what they play, where the treatment is TAKE.
    """
    names = " ".join(limbs)
    values = {"limbs": names, "treatment": treatment.value}
    if path is not None:
        values["path"] = str(path.absolute())
    return Event(t_ns, _DIRECTION, f"{names}: {treatment.value}", values)


def face_note(t_ns: int, profile: FaceProfile) -> Event:
    """What was known of a performer's face from the time t_ns on."""
    return Event(t_ns, _FACE, "calibrated", {"profile": encode_profile(profile).decode()})


def as_shown(take: Take, performer: int = 0) -> Iterator[Motion]:
    """Every motion of a performer that the show showed.

    What cannot be followed any more, such as a take that a director played and that is gone, stands
    in the take's warnings.

    Raises:
        MotionError: the take does not tell what was shown of this performer.
    """
    performance = Performance()
    is_told = False
    for entry in take.entries():
        if entry.performer != performer:
            continue
        match entry.record:
            case Posed(t_ns=t_ns):
                is_told = True
                yield performance.at(t_ns)
            case Event() as noted:
                _follow(performance, noted, take, performer)
            case record:
                performance.take_in(entry.source, record)
    if not is_told:
        raise MotionError(
            f"Take {take.path}",
            f"does not tell when a show showed performer {performer + 1}",
            "solve it anew instead, at a rate of your own",
        )


def _follow(performance: Performance, noted: Event, take: Take, performer: int) -> None:
    """Do what the show did."""
    try:
        if noted.kind == _DIRECTION:
            limbs = noted.values["limbs"].split()
            treatment = Treatment(noted.values["treatment"])
            if not set(limbs) <= set(LIMBS):
                raise ValueError(noted.values["limbs"])
            playback = None
            if treatment is Treatment.TAKE:
                playback = open_playback(Path(noted.values["path"]), performer)
            performance.director.treat(limbs, treatment, playback)
        elif noted.kind == _FACE:
            performance.know_face(decode_profile(noted.values["profile"]))
    except RendererError as fault:
        take.warnings.append(f"Take {take.path}: what the director played is left out; {fault}")
    except (ValueError, KeyError):
        take.warnings.append(
            f"Take {take.path}: a {noted.kind} is of another version of the program and is left out"
        )
