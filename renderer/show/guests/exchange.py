"""Messages of the guests' process to the engine, and of a guest to the show's address."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from renderer.show.guests.invitation import InvitationTerms

PORT: Final = 8470
"""Port at which guests join where the crew names none; any free one would be in no invitation."""
OFFER, ANSWER = "offer", "answer"
"""Purposes of a signature; see invitation.authenticate."""
MAX_SDP: Final = 32_768
"""Longest session description, characters; with twenty candidates one has about 3,000."""
CHANNEL: Final = "encore motion"
"""Label of the guest's data channel."""


class Offer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A guest's wish to join, sent to /join.

    Attributes:
        terms: of the invitation; its secret stays with the guest.
        sdp: session description with the guest's certificate fingerprint.
        code: authenticates `sdp` by the secret.
    """

    terms: InvitationTerms
    sdp: Annotated[str, Meta(max_length=MAX_SDP)]
    code: Annotated[str, Meta(max_length=64)]


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The show's answer: its session description, authenticated."""

    sdp: Annotated[str, Meta(max_length=MAX_SDP)]
    code: Annotated[str, Meta(max_length=64)]


class Presence(Enum):
    """Whether a guest is connected."""

    AWAITED = "awaited"
    CONNECTED = "connected"
    LOST = "lost"


class GuestState(msgspec.Struct, frozen=True, tag=True):
    """State of one guest's connection, sent a few times a second.

    Attributes:
        delay_ms: from the guest's motion to its place in the show.
        round_trip_ms: median of the last ten seconds.
        refused: messages that were malformed or too many.
        voice_lost: blocks of 20 ms of the voice that never came in time.
        way_ms: from a moment of the song to the place in the show of the motion that answers to
            it; 0 if the guest hears no return.
        fault: why the last attempt to join was refused, a sentence; empty for none.
    """

    guest: str
    presence: Presence
    delay_ms: float = 0.0
    round_trip_ms: float = 0.0
    refused: int = 0
    fault: str = ""
    voice_lost: int = 0
    way_ms: float = 0.0


class GuestData(msgspec.Struct, frozen=True, tag=True):
    """A message that is due at a time of the show's clock; `joined` counts the connections."""

    guest: str
    joined: int
    play_ns: int
    data: bytes


ToEngine = GuestState | GuestData

encode_to_engine: Final = msgspec.msgpack.Encoder().encode
decode_to_engine: Final = msgspec.msgpack.Decoder(ToEngine).decode


class GuestSettings(msgspec.Struct, frozen=True):
    """Settings of the guests' process.

    Attributes:
        guests: names that the show awaits.
        show: the show's title.
        bind, port: address of this machine to listen on.
        folder: of the studio's key; None for the user's data folder.
        voices: folder of the channels in which the mixer finds the voices; None for no voices.
    """

    guests: tuple[str, ...]
    show: str
    bind: str
    port: int
    folder: str | None = None
    voices: str | None = None
