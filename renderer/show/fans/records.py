"""Define what the fans' endpoint receives, and what it exchanges with the engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

import msgspec

MOST_COLORS: Final = 8
"""Colours among which fans choose: as many as fit on a phone's screen."""
MOST_CHOICES: Final = 6
"""Choices of a poll, for the same reason."""
MESSAGE_BYTES: Final = 256
"""Longest message of a fan; a vote has about 40 bytes."""


class Gesture(Enum):
    """What fans may do."""

    WAVE = "wave"
    CHEER = "cheer"
    CLAP = "clap"
    JUMP = "jump"


GESTURES: Final = tuple(Gesture)


class Vote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fan's message. It has no name and no text, so that nothing can be shown of either.

    Attributes:
        color: number of the fan's colour; None if it does not change.
        gesture: that the fan makes now.
        choice: number of a choice of the open poll.
    """

    color: int | None = None
    gesture: Gesture | None = None
    choice: int | None = None


class OutsideSummary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What another server's fans do, which sends one every second or so.

    Attributes:
        source: name of the server; its newest summary replaces its last one.
        people: connected fans.
        colors: fans by colour, in the document's order.
        gestures: fans by gesture (wave, cheer, clap, jump) who made it within the last 3 seconds.
        poll: number of the poll that `choices` belongs to, as GET /state tells it.
        choices: votes by choice.
    """

    source: str
    people: int
    colors: tuple[int, ...] = ()
    gestures: tuple[int, ...] = ()
    poll: int = 0
    choices: tuple[int, ...] = ()


class FansSummary(msgspec.Struct, frozen=True):
    """What all fans do; written ten times a second, and all that the engine sees of them.

    Attributes:
        at_ns: time.monotonic_ns.
        people: fans.
        energy: 0 to 1.
        shares: of the fans by colour; they sum to 1, or are all 0 if nobody has chosen.
        poll: number of the poll that `choices` belongs to.
        choices: votes by choice.
        refused: messages that were malformed or came too fast, since the start.
        waving: share of the fans who have waved within the last 3 seconds.
    """

    at_ns: int = 0
    people: int = 0
    energy: float = 0.0
    shares: tuple[float, ...] = ()
    poll: int = 0
    choices: tuple[int, ...] = ()
    refused: int = 0
    waving: float = 0.0


class FansState(msgspec.Struct, frozen=True):
    """What the engine tells the endpoint, whose pages show it.

    Attributes:
        is_on: whether the fans move the audience.
        poll: number of the open poll; 0 if there is none.
        question: of the poll.
        choices: names of its choices.
        cues: numbers of the choices' cues, which an engine that starts again goes on with.
    """

    is_on: bool = True
    poll: int = 0
    question: str = ""
    choices: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FanColor:
    """A colour among which fans choose.

    Attributes:
        name: that the page shows, such as an idol's.
        rgb: of the light sticks, linear.
        words: of a chat that choose this colour: exact words or emoji.
    """

    name: str
    rgb: tuple[float, float, float]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FansSettings:
    """The fans' part of a show.

    Attributes:
        title: of the show, on the page.
        port: TCP port of the endpoint; 0 for any free one.
        bind: address of this machine to listen on.
        address: of the page as fans reach it, for the QR code; empty for the endpoint's own.
        origins: pages of other servers whose fans may connect, such as "https://label.example".
        proxies: addresses of reverse proxies whose X-Forwarded-For is believed.
        colors: one to eight.
        influence: how far the fans replace the look's colours and energy, 0 to 1.
        most: largest number of connections.
        per_address: largest number of connections from one address.
        key: reference to the key of signed summaries; empty refuses them.
        twitch: channel whose chat is read; empty for none.
        twitch_server: HOST:PORT, over TLS; without TLS on loopback.
    """

    title: str
    port: int
    bind: str
    address: str
    origins: tuple[str, ...]
    proxies: tuple[str, ...]
    colors: tuple[FanColor, ...]
    influence: float
    most: int
    per_address: int
    key: str
    twitch: str
    twitch_server: str
