"""Whose phone, suit, voice and receiver is whose: the words of the command, for each performer.

A word is `WHAT` for the first performer, or `WHO=WHAT`, where WHO is a performer's name or number.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from renderer.capture.network.trackers import BODY_TRACKERS, parse_tracker
from renderer.capture.network.vmc_out import parse_receiver
from renderer.errors import ShowError
from renderer.show.performers.sources import CompanionPlan

_WHOSE: Final = re.compile(r"([^=:/\\]+)=(.+)")
"""Addresses, devices and paths may hold an equals sign too, but behind a colon or a slash."""


@dataclass(frozen=True, slots=True)
class AuxiliaryOptions:
    """What a crew asks for beside the cameras; empty where it asks for nothing.

    Attributes:
        faces: network trackers for faces, such as livelink:11111 or Mai=livelink:11112.
        bodies: those for bodies, such as vmc:39539.
        closeups: cameras, videos or images of faces.
        voices: sound files, `input` for the sound of the performer's own input, or microphones.
        receivers: hosts and ports that the solved motion is sent to.
        allowed: addresses or networks that trackers may send from; this machine always may.
        take: the file to keep everything seen and heard in.
    """

    faces: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    closeups: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    take: Path | None = None


def names_of(declared: str, count: int) -> list[str]:
    """The names of the performers of a show, in their order; empty for those without.

    Args:
        declared: one name, or several with commas between.

    Raises:
        ShowError: there are more names than performers.
    """
    names = [name.strip() for name in declared.split(",")]
    if len(names) > count:
        raise ShowError(
            f"--performer {declared[:40]!r}",
            f"names {len(names)} performers, and the show has {count}",
            "name as many as there are, or have the cameras follow more with --performers",
        )
    return [*names, *[""] * count][:count]


def assigned(words: AuxiliaryOptions, names: Sequence[str]) -> list[CompanionPlan]:
    """What goes along with each performer.

    Args:
        names: the performers', in their order; empty for those without.

    Raises:
        RendererError: a word names nobody, a performer would get two of a kind, two performers
            the same port or receiver, or the show its own motion.
    """
    faces = _of_each("--face", words.faces, names)
    bodies = _of_each("--body", words.bodies, names)
    closeups = _of_each("--closeup", words.closeups, names)
    voices = _of_each("--voice", words.voices, names)
    receivers = _of_each("--vmc-out", words.receivers, names)
    listening = [(f"{_called(k, names)}'s face", *parse_tracker(faces[k])) for k in faces]
    listening += [
        (f"{_called(k, names)}'s body", *parse_tracker(bodies[k], BODY_TRACKERS)) for k in bodies
    ]
    _require_apart(
        ((who, f"Port {port}", port) for who, _, port in listening if port),
        "give every phone and suit a port of its own",
    )
    for spec in receivers.values():
        host, at = parse_receiver(spec)
        hears = next((who for who, _, port in listening if port == at), "")
        if hears and (host == "localhost" or host.startswith("127.")):
            raise ShowError(
                f"VMC receiver {spec}",
                f"is this show itself, which listens there for {hears}",
                "send the motion to another port",
            )
    _require_apart(
        (
            (f"{_called(k, names)}'s motion", f"VMC receiver {spec}", parse_receiver(spec))
            for k, spec in receivers.items()
        ),
        "send every performer's motion to a port of its own",
    )
    return [
        CompanionPlan(
            face=faces.get(k, ""),
            body=bodies.get(k, ""),
            closeup=closeups.get(k, ""),
            voice=voices.get(k, ""),
            vmc_out=receivers.get(k, ""),
            allowed=words.allowed,
        )
        for k in range(len(names))
    ]


def _of_each(option: str, words: Iterable[str], names: Sequence[str]) -> dict[int, str]:
    """One option's words by performer."""
    out: dict[int, str] = {}
    for word in words:
        whose = _WHOSE.fullmatch(word)
        number = 0 if whose is None else _number(f"{option} {word}", whose[1].strip(), names)
        if number in out:
            raise ShowError(
                f"{option} {word}",
                f"is a second one for {_called(number, names)}",
                f"give each performer one, such as {option} 2={word if whose is None else whose[2]}"
                if len(names) > 1
                else "leave one of them out",
            )
        out[number] = word if whose is None else whose[2]
    return out


def _number(thing: str, who: str, names: Sequence[str]) -> int:
    """Which performer is meant."""
    found = [k for k, name in enumerate(names) if name == who]
    if len(found) > 1:
        raise ShowError(thing, f"names {len(found)} performers", "name them by their numbers")
    if found:
        return found[0]
    if who.isascii() and who.isdecimal() and 0 < int(who) <= len(names):
        return int(who) - 1
    known = [name for name in names if name]
    numbers = "1" if len(names) == 1 else f"a number from 1 to {len(names)}"
    raise ShowError(
        thing,
        f"is for {who}, who is no performer of this show",
        f"name {', '.join([*known, ''])}or {numbers}" if known else f"name {numbers}",
    )


def _called(number: int, names: Sequence[str]) -> str:
    return names[number] or f"performer {number + 1}"


def _require_apart(uses: Iterable[tuple[str, str, Hashable]], remedy: str) -> None:
    """Check that nothing is used twice; a use is who uses it, its name, and what it is."""
    users: dict[Hashable, str] = {}
    for who, name, place in uses:
        if place in users:
            raise ShowError(name, f"is asked for twice, for {users[place]} and {who}", remedy)
        users[place] = who
