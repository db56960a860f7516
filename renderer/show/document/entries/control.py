"""Define how a show document says who may control the show from outside."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from renderer.show.document.entries.link import LinkEntry
from renderer.show.document.entries.midi import MidiEntry
from renderer.show.document.entries.streamdeck import StreamDeckEntry
from renderer.show.document.part import Bounded, Name, Part, Text

Port = Annotated[int, Meta(ge=0, le=65_535)]


class OscBindingEntry(Part, frozen=True, kw_only=True):
    """An OSC message that calls a command under an address of its own.

    Attributes:
        heard: address of the message.
        address: of the command, as `encore commands` lists it.
        arguments: of the command, by name.
        argument: name of the one that takes the message's first number, from 0 to 1; if it is
            empty, the message is a button.
        low, high: its values at 0 and 1.
    """

    heard: Annotated[str, Meta(pattern=r"^/.+", max_length=200)]
    address: Annotated[str, Meta(pattern=r"^/.+", max_length=200)]
    arguments: dict[str, Any] = msgspec.field(default_factory=dict)
    argument: Text = ""
    low: Bounded = 0.0
    high: Bounded = 1.0


class OscEntry(Part, frozen=True):
    """Open Sound Control in: QLab's words, and every command of `encore commands`.

    Attributes:
        port: over UDP; QLab's by default.
        tcp_port: over TCP with SLIP; 0 for none.
        allow: further addresses or networks that may send; otherwise this machine alone.
        reply_port: to which replies over UDP go, as QLab's; 0 for the port that a message came
            from.
        operator: in whose name its commands are given, for the log and the operators' roles.
        bindings: messages that call a command under an address of their own.
    """

    port: Annotated[int, Meta(ge=1, le=65_535)] = 53_000
    tcp_port: Port = 53_000
    allow: tuple[Name, ...] = ()
    reply_port: Port = 53_001
    operator: Name = "OSC"
    bindings: Annotated[tuple[OscBindingEntry, ...], Meta(max_length=1024)] = ()


class ArtnetEntry(Part, frozen=True):
    """DMX levels in over Art-Net.

    Attributes:
        allow: further addresses or networks that may send; otherwise this machine alone.
        interface: IPv4 address to listen on; empty for all networks if others may send.
        first: number that the show gives Art-Net's universe 0:0:0.
    """

    allow: tuple[Name, ...] = ()
    interface: Text = ""
    first: Annotated[int, Meta(ge=0, le=30_000)] = 1


class SacnEntry(Part, frozen=True):
    """DMX levels in over sACN (E1.31).

    Attributes:
        allow, interface: as of Art-Net.
        universes: whose multicast is asked for, besides those that fixtures and cues use.
    """

    allow: tuple[Name, ...] = ()
    interface: Text = ""
    universes: Annotated[
        tuple[Annotated[int, Meta(ge=1, le=63_999)], ...], Meta(max_length=256)
    ] = ()


class DmxOutEntry(Part, frozen=True):
    """Levels of the stage's fixtures out to real ones.

    Attributes:
        protocol: sacn or artnet.
        universes: of the show; empty for all that fixtures are patched to.
        host: IPv4 address of the receiver; empty for multicast, which Art-Net has not.
        priority: of sACN.
        first: number that the show gives Art-Net's universe 0:0:0.
    """

    protocol: Literal["sacn", "artnet"]
    universes: Annotated[
        tuple[Annotated[int, Meta(ge=0, le=63_999)], ...], Meta(max_length=256)
    ] = ()
    host: Text = ""
    priority: Annotated[int, Meta(ge=0, le=200)] = 100
    first: Annotated[int, Meta(ge=0, le=30_000)] = 1


class TimecodeEntry(Part, frozen=True):
    """SMPTE timecode in, which fires cues and starts the songs of its hours.

    Attributes:
        source: "ltc" or "ltc:DEVICE", an audio input; or "mtc:PORT", a MIDI input.
        rate: frames per second.
        freewheel: seconds for which the position runs by itself without timecode.
        offset: seconds that are added to it.
        armed: whether it has an effect from the start; otherwise by a command.
        songs: whether the song of an hour is started, and kept with it.
    """

    source: Annotated[str, Meta(pattern=r"^(ltc(:.+)?|mtc:.+)\Z", max_length=120)]
    rate: Literal["24", "25", "29.97", "29.97df", "30"] = "25"
    freewheel: Annotated[float, Meta(ge=0.0, le=30.0)] = 4.0
    offset: Annotated[float, Meta(ge=-86_400.0, le=86_400.0)] = 0.0
    armed: bool = True
    songs: bool = True


class TimecodeOutEntry(Part, frozen=True):
    """SMPTE timecode out.

    Attributes:
        to: "ltc" or "ltc:DEVICE", audio outputs ("ltc:null" keeps time and plays to nobody); or
            "mtc:PORT", MIDI outputs.
        rate: frames per second.
        follow: the songs in their hours, the incoming timecode, or nothing until a command.
        offset: seconds that are added to what is followed.
    """

    to: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^(ltc(:.+)?|mtc:.+)\Z", max_length=120)], ...],
        Meta(min_length=1, max_length=8),
    ]
    rate: Literal["24", "25", "29.97", "29.97df", "30"] = "25"
    follow: Literal["songs", "input", "stopped"] = "songs"
    offset: Annotated[float, Meta(ge=-86_400.0, le=86_400.0)] = 0.0


class ControlEntry(Part, frozen=True):
    """Who may control the show from outside; what is left out is closed.

    Attributes:
        merge: whether the highest or the newest level wins, of several sources of a universe with
            the same priority.
        dmx_out: where the stage's levels go.
    """

    osc: OscEntry | None = None
    artnet: ArtnetEntry | None = None
    sacn: SacnEntry | None = None
    merge: Literal["htp", "ltp"] = "htp"
    timecode: TimecodeEntry | None = None
    timecode_out: TimecodeOutEntry | None = None
    midi: MidiEntry | None = None
    streamdeck: StreamDeckEntry | None = None
    link: LinkEntry | None = None
    dmx_out: Annotated[tuple[DmxOutEntry, ...], Meta(max_length=16)] = ()
