"""Assign a show's options to its performers: phones, suits, close-ups, voices, receivers.

A word is `WHAT` for the first performer, or `WHO=WHAT`, where WHO is a performer's name or number.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from renderer.capture.network.allow import AllowList
from renderer.capture.network.trackers import BODY_TRACKERS, FACE_TRACKERS, parse_tracker
from renderer.capture.network.vmc_out import parse_receiver
from renderer.errors import ShowError
from renderer.faults import FaultCollector

WHOSE: Final = re.compile(r"([^=:/\\]+)=(.+)")
"""Addresses, devices and paths may contain an equals sign too, but only after a colon or slash."""

_Use = tuple[str, str, Hashable]
"""The user of a resource, the resource's name, and its identity."""


@dataclass(frozen=True, slots=True)
class AuxiliaryOptions:
    """Options beyond the cameras; empty where not given.

    Attributes:
        faces: network trackers for faces, such as livelink:11111 or Mai=livelink:11112.
        bodies: network trackers for bodies, such as vmc:39539.
        closeups: cameras, videos or images of faces.
        voices: sound files, `input` for the sound of the performer's own input, or microphones.
        receivers: hosts and ports that the solved motion is sent to.
        allowed: addresses or networks that trackers may send from, besides this machine.
        take: file that records all tracking and sound data.
    """

    faces: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    closeups: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    take: Path | None = None


@dataclass(frozen=True, slots=True)
class AuxiliaryPlan:
    """Additional data sources and receivers of one performer; empty where not given.

    Attributes:
        face: a network tracker for the face, such as livelink:11111.
        body: a network tracker for the body, such as vmc:39539.
        closeup: a camera, a video or images of the performer's face.
        voice: sound that drives the mouth while it is occluded: a sound file, `input` for the sound
            of the performer's own input, or a microphone.
        vmc_out: host and port that the solved motion is sent to.
        allowed: addresses or networks that trackers may send from, besides this machine.
    """

    face: str = ""
    body: str = ""
    closeup: str = ""
    voice: str = ""
    vmc_out: str = ""
    allowed: tuple[str, ...] = ()


def names_of(declared: str, count: int) -> list[str]:
    """Return the names of a show's performers in order; empty for those without.

    Args:
        declared: one name, or several separated by commas.
        count: number of performers in the show.

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


def require_bound_options(words: AuxiliaryOptions, names: Sequence[str]) -> list[AuxiliaryPlan]:
    """Return each performer's additional sources and receivers.

    Args:
        words: the options as given.
        names: the performers' names in order; empty for those without.

    Raises:
        RendererError: the first of the faults that `bind_options` records.
    """
    faults = FaultCollector()
    plans = bind_options(words, names, faults)
    faults.raise_first()
    return plans


def bind_options(
    words: AuxiliaryOptions, names: Sequence[str], faults: FaultCollector
) -> list[AuxiliaryPlan]:
    """Assign the options to their performers.

    Args:
        words: the options as given.
        names: the performers' names in order; empty for those without.
        faults: records each option that names no performer, gives a performer a second source of a
            kind, gives two performers one port or receiver, or sends the show its own motion.

    Returns:
        One plan per performer; options with a fault are left out.
    """
    faces = _of_each("--face", words.faces, names, faults)
    bodies = _of_each("--body", words.bodies, names, faults)
    closeups = _of_each("--closeup", words.closeups, names, faults)
    voices = _of_each("--voice", words.voices, names, faults)
    receivers = _of_each("--vmc-out", words.receivers, names, faults)
    listening: list[_Use] = []
    for part, trackers, kinds in (("face", faces, FACE_TRACKERS), ("body", bodies, BODY_TRACKERS)):
        for number, spec in trackers.items():
            parsed = faults.attempt(partial(parse_tracker, kinds=kinds), spec)
            if parsed is not None and (port := parsed[1]):
                listening.append(
                    (f"{_find_performer(number, names)}'s {part}", f"Port {port}", port)
                )
    sending: list[_Use] = []
    for number, spec in receivers.items():
        place = faults.attempt(parse_receiver, spec)
        if place is None:
            continue
        sending.append(
            (f"{_find_performer(number, names)}'s motion", f"VMC receiver {spec}", place)
        )
        host, at = place
        hears = next((who for who, _, port in listening if port == at), "")
        if hears and (host == "localhost" or host in AllowList()):
            faults.add(
                ShowError(
                    f"VMC receiver {spec}",
                    f"is this show itself, which listens there for {hears}",
                    "send the motion to another port",
                )
            )
    _find_shared(listening, "give every phone and suit a port of its own", faults)
    _find_shared(sending, "send every performer's motion to a port of its own", faults)
    return [
        AuxiliaryPlan(
            face=faces.get(k, ""),
            body=bodies.get(k, ""),
            closeup=closeups.get(k, ""),
            voice=voices.get(k, ""),
            vmc_out=receivers.get(k, ""),
            allowed=words.allowed,
        )
        for k in range(len(names))
    ]


def _of_each(
    option: str, words: Iterable[str], names: Sequence[str], faults: FaultCollector
) -> dict[int, str]:
    """Return one option's values by performer index."""
    out: dict[int, str] = {}
    for word in words:
        whose = WHOSE.fullmatch(word)
        try:
            number = 0 if whose is None else number_of(f"{option} {word}", whose[1].strip(), names)
        except ShowError as fault:
            faults.add(fault)
            continue
        if number in out:
            faults.add(
                ShowError(
                    f"{option} {word}",
                    f"is a second one for {_find_performer(number, names)}",
                    f"give each performer one, such as {option} "
                    f"2={word if whose is None else whose[2]}"
                    if len(names) > 1
                    else "leave one of them out",
                )
            )
            continue
        out[number] = word if whose is None else whose[2]
    return out


def number_of(thing: str, who: str, names: Sequence[str]) -> int:
    """Return the index of the named performer, from 0.

    Raises:
        ShowError: no performer matches, or more than one.
    """
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


def _find_performer(number: int, names: Sequence[str]) -> str:
    return names[number] or f"performer {number + 1}"


def _find_shared(uses: Iterable[_Use], remedy: str, faults: FaultCollector) -> None:
    """Record every resource that is used twice."""
    users: dict[Hashable, str] = {}
    for who, name, place in uses:
        if place in users:
            faults.add(ShowError(name, f"is asked for twice, for {users[place]} and {who}", remedy))
            continue
        users[place] = who
