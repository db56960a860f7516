"""Define the sound as a show document has it: devices, microphones, levels in dB."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from renderer.show.document.part import Name, Part, Text

Decibels = Annotated[float, Meta(ge=-120.0, le=20.0)]
Threshold = Annotated[float, Meta(ge=-90.0, le=0.0)]


class MicrophoneEntry(Part, frozen=True):
    """A performer's microphone and the processing of its channel.

    Attributes:
        device: as encore devices lists it, or a part of the name; "default"; "pulse:NAME" is a
            source of PulseAudio or PipeWire; "null" keeps time and hears silence.
        channel: of the device, from 1.
        gain: of its fader, dB.
        high_pass: corner frequency, Hz; 0 for none.
        gate: level below which it closes, dB; -90 for no gate.
        compressor: level above which it is compressed, dB; 0 for no compressor.
        ratio: of the compressor.
        reverb: level of the reverb send, dB; -120 for none.
        delay: milliseconds; -1 delays the voice as long as the picture.
    """

    device: Name
    channel: Annotated[int, Meta(ge=1, le=64)] = 1
    gain: Decibels = 0.0
    high_pass: Annotated[float, Meta(ge=0.0, le=1000.0)] = 90.0
    gate: Threshold = -50.0
    compressor: Threshold = -20.0
    ratio: Annotated[float, Meta(ge=1.0, le=20.0)] = 3.0
    reverb: Decibels = -18.0
    delay: Annotated[float, Meta(ge=-1.0, le=2000.0)] = -1.0


class SoundEntry(Part, frozen=True):
    """The program's sound and its devices. Without this table the song is sent as it is.

    Attributes:
        play: the songs' mixes, or their stems, each with a fader.
        loudness: to which the program is brought, LUFS; 0 leaves it as it is.
        ceiling: highest true peak of the program, dB.
        duck: by how much the song is lowered while somebody sings, dB.
        room: device that plays the program in the room.
        performers: device that plays song, click and talkback to the performers.
        talkback: device of the crew's microphone.
        click: whether the click is heard from the start.
        song_delay: milliseconds by which the program hears the song later than the performers; -1
            measures it where they have a device.
    """

    play: Literal["mix", "stems"] = "mix"
    loudness: Annotated[float, Meta(ge=-40.0, le=0.0)] = 0.0
    ceiling: Annotated[float, Meta(ge=-20.0, le=0.0)] = -1.0
    duck: Annotated[float, Meta(ge=0.0, le=40.0)] = 0.0
    room: Text = ""
    performers: Text = ""
    talkback: Text = ""
    click: bool = False
    song_delay: Annotated[float, Meta(ge=-1.0, le=1000.0)] = -1.0
