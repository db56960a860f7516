"""`python -m renderer.desk.stand_in`: simulate a show without performers for a desk to follow.

It uses the real bus at the real show's rates and shares real pictures in the sizes that a desk
asks for: four performers with a camera each at 30 frames per second with moving landmarks, eight
outputs, cues, songs and alarms. The desk's benchmark and the pictures of its manual follow it.
"""

from __future__ import annotations

import math
import signal
import sys
import threading
import time
from contextlib import ExitStack
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from renderer.protocol.alarms import AcknowledgeAlarm, Alarm, Severity
from renderer.protocol.cues import CueListStatus, CuesHealth, RunningCue
from renderer.protocol.document import DocumentContent, DocumentHealth
from renderer.protocol.inputs import (
    CameraPoints,
    CameraState,
    CameraStatus,
    InputsHealth,
    LandmarkPoints,
    PerformerPoints,
    TrackerKind,
    TrackerState,
    TrackerStatus,
)
from renderer.protocol.log import EventKind, LogEvent, ShowLog
from renderer.protocol.outputs import (
    Drops,
    OutputsHealth,
    OutputState,
    OutputStatus,
    StateChange,
)
from renderer.protocol.performers import LimbState, PerformersHealth, PerformerStatus
from renderer.protocol.pictures import (
    LEASE_S,
    SHOT,
    AskPicture,
    PicturesHealth,
    PictureStatus,
    SharedPicture,
)
from renderer.protocol.receivers import DmxHealth, DmxSource, UniverseStatus
from renderer.protocol.schema import Command, Reply, Section
from renderer.protocol.show import ShowDocument, ShowHealth, ShowState
from renderer.protocol.songs import SongsHealth, SongState
from renderer.protocol.sound import BusStatus, DeviceState, SoundDeviceStatus, SoundHealth
from renderer.transport.bus import ShowEndpoint
from renderer.transport.latest import LatestPicture
from renderer.transport.session import Session, announce

RATE: Final = 30.0
"""Frames per second of cameras, program and preview."""
HEALTH_EVERY: Final = 3
"""Frames per health message: ten per second."""
DOCUMENT_EVERY: Final = 30
"""Frames per document message: one per second."""
CAMERA_SIZE: Final = (320, 180)

_POSE, _FACE, _HAND = 33, 478, 21
"""Number of landmarks of a body, a face and a hand."""
_LIMBS: Final = 9

PERFORMERS: Final = (
    ("Ren", "Encore Idol"),
    ("Mai Tachibana-Kowalczyk", "붉은 달의 루비 (Ruby, Red Moon)"),
    ("김민지 (Minji)", "Encore Idol 2"),
    ("이채원 (Chae-won)", "Aoi"),
)
"""Names as long as they come, in three scripts."""

_NAMES: Final = (
    "Stream A (main)", "Stream B (backup)", "Vertical 9:16", "Venue wall", "Translation, 日本語",
    "Archive 1", "Archive 2", "Crew feed",
)  # fmt: skip

CAMERA_NAMES: Final = (
    "Wide", "Ren CU", "Minji CU", "Follow Ren", "Follow Minji", "Solo arm", "Floor", "Arch",
    "Crowd, long lens", "Guest",
)  # fmt: skip
_CUES: Final = (
    ("39", "Look: verse, deep blue", {"on": "time", "at": 64.0}, 3.0),
    ("40", "Camera 4, follow Ren", {"on": "time", "at": 78.0}, 0.0),
    ("41", "Screens: waves up", {"on": "beat", "at": "30:1"}, 2.0),
    ("42", "Chorus lift: amber rain", {"on": "beat", "at": "33:1"}, 4.0),
    ("43", "Stinger, wave, cam 3", {"on": "go"}, 1.2),
    ("44", "Spot on Minji", {"on": "follow"}, 0.5),
    ("45", "Dissolve to 1, haze up", {"on": "beat", "at": "41:1"}, 2.0),
    ("46", "Bridge: blackout but rim", {"on": "time", "at": 151.0}, 0.2),
    ("47", "Talk look, mics open", {"on": "go"}, 3.0),
    ("48", "Costume, Chae-won", {"on": "go"}, 0.0),
)

DOCUMENT: Final[dict[str, Any]] = {
    "show": {"title": "Spring Live 2026"},
    "performers": [{"name": name} for name, _ in PERFORMERS],
    "operators": [
        {"name": "Jiyoon", "role": "rights"}, {"name": "Sora", "role": "control"},
        {"name": "Tomás Benítez-Okonkwo", "role": "view"},
    ],
    "cameras": [
        {"number": place + 1, "name": name, "framing": "bust"}
        for place, name in enumerate(CAMERA_NAMES)
    ],
    "looks": [
        {
            "name": name,
            "lights": {"key": [0.9, 0.45, 0.1], "wash": [0.3, 0.05, 0.6]},
            "heads": {"back": {"colors": [[1.0, 0.5, 0.1]], "pattern": "fan"}},
        }
        for name in ("Verse blue", "Amber rain", "Cold arch", "Magenta", "Rim only", "Talk warm",
                     "Sunrise", "Forest")
    ],
    "songs": [
        {
            "name": name,
            "beat": {"bpm": 88.0, "beats_per_bar": 4},
            "sections": [
                {"kind": kind, "bar": bar}
                for kind, bar in (("intro", 1), ("verse", 9), ("chorus", 33), ("verse", 45),
                                  ("chorus", 57), ("bridge", 69), ("outro", 77))
            ],
        }
        for name in ("Talk 2 · Ren, Minji", "Neon Tide", "종이 달 (Paper Moon, ballad)",
                     "Talk 3 · Chae-won", "First Light", "Encore: 앙코르 메들리")
    ],
    "cue_lists": [
        {
            "name": "Main",
            "cues": [
                {"number": number, "name": name, "trigger": trigger, "duration": seconds,
                 "notes": "after Minji turns, not before" if number == "43" else ""}
                for number, name, trigger, seconds in _CUES
            ],
        },
        {"name": "Effects", "cues": [{"number": "1", "name": "Confetti"}]},
    ],
}  # fmt: skip


class StandInShow:
    """Engine's side of the bus, with its shared pictures."""

    def __init__(self, session: Session) -> None:
        self._endpoint = ShowEndpoint(session.folder)
        self._folder = session.folder
        self._cameras = [
            LatestPicture.create(self._folder / f"camera-{k}.picture", *CAMERA_SIZE)
            for k in range(len(PERFORMERS))
        ]
        self._asked: dict[tuple[str, int, int], tuple[LatestPicture, float]] = {}
        self._grounds: dict[tuple[int, int], npt.NDArray[np.uint8]] = {}
        noise = np.random.default_rng(1)
        self._points = noise.random((len(PERFORMERS), _POSE + _FACE + 2 * _HAND, 2))
        self._alarms = list(_alarms())
        self._began = time.monotonic()

    def tick(self, frame: int) -> None:
        """Publish what an engine publishes for one camera frame."""
        for command, reply in self._endpoint.commands():
            reply(self._do(command))
        for place, picture in enumerate(self._cameras):
            picture.publish(self._draw(*CAMERA_SIZE, frame, place), frame)
        now = time.monotonic()
        for key in [key for key, (_, until) in self._asked.items() if now > until]:
            self._asked.pop(key)[0].close()
        for place, ((view, width, height), (picture, _)) in enumerate(self._asked.items()):
            # The shots take turns, as a renderer draws them.
            if not view.startswith(SHOT) or (frame + place) % len(CAMERA_NAMES) == 0:
                picture.publish(self._draw(width, height, frame, place + 4), frame)
        self._endpoint.publish(self._landmarks(frame))
        if frame % HEALTH_EVERY == 0:
            for section in self._health(frame, now - self._began):
                self._endpoint.publish(section)
        if frame % DOCUMENT_EVERY == 0:
            for section in self._constants():
                self._endpoint.publish(section)

    def close(self) -> None:
        """Disconnect from the bus."""
        for picture in (*self._cameras, *(one for one, _ in self._asked.values())):
            picture.close()
        self._endpoint.close()

    def _do(self, command: Command) -> Reply:
        if isinstance(command, AskPicture):
            key = command.view, command.width, command.height
            until = time.monotonic() + LEASE_S
            if key in self._asked:
                self._asked[key] = self._asked[key][0], until
            else:
                name = f"{command.view}-{command.width}x{command.height}.picture"
                picture = LatestPicture.create(self._folder / name, *key[1:])
                self._asked[key] = picture, until
            return Reply(True, "")
        if isinstance(command, AcknowledgeAlarm):
            self._alarms = [
                msgspec.structs.replace(one, acknowledged_by=command.operator)
                if one.id == command.alarm
                else one
                for one in self._alarms
            ]
        return Reply(True, "Done.")

    def _draw(self, width: int, height: int, frame: int, place: int) -> npt.NDArray[np.uint8]:
        """Return a picture whose every pixel changes from frame to frame, in a stage's colours."""
        size = width, height
        if size not in self._grounds:
            x = np.linspace(0, 4 * np.pi, 2 * width)[None, :, None]
            y = np.linspace(0, 1, height)[:, None, None]
            tint = np.array([[[0.55, 0.25, 0.85]]])
            ground = (0.55 + 0.45 * np.sin(x + 3 * y)) * (1.1 - 0.8 * y) * tint * 190
            self._grounds[size] = ground.clip(0, 255).astype(np.uint8)
        at = (frame * 4 + place * 53) % width
        return np.ascontiguousarray(self._grounds[size][:, at : at + width])

    def _health(self, frame: int, seconds: float) -> list[Section]:
        share = seconds % 4.0 / 4.0
        return [
            ShowHealth(
                state=ShowState.ON_AIR,
                show_seconds=4368.0 + seconds,
                frames=frame,
                frame_rate=29.9,
                latency_ms=62.3,
                dropped=3,
                stage_ms={"motion": 2.1, "springs": 0.2, "draw": 14.2, "read": 1.1},
                alarms=self._alarms,
            ),
            _outputs(frame),
            _performers(),
            InputsHealth(
                [
                    CameraStatus(
                        f"camera:{k}", CameraState.SEEING, frame_rate=RATE, latency_ms=31.4,
                        performers=[k], changeable=True,
                        picture=PictureStatus(str(picture.path), *CAMERA_SIZE),
                    )
                    for k, picture in enumerate(self._cameras)
                ],
                [
                    TrackerStatus(TrackerKind.PHONE, "phone", 0, TrackerState.HEARD, "10.0.0.31"),
                    TrackerStatus(TrackerKind.VOICE, "voice", 1, TrackerState.SILENT, "no sound"),
                ],
            ),
            CuesHealth(
                lists=[
                    CueListStatus(
                        "Main", "43", "Stinger, wave, cam 3", "after Minji turns, not before",
                        running=[RunningCue("42", "Chorus lift: amber rain", 0.0, share)],
                    ),
                    CueListStatus("Effects", "1", "Confetti"),
                ],
                camera=2, preview=3, look="Amber rain", song="Neon Tide",
                position=f"34:{1 + int(seconds * 88 / 60) % 4}",
            ),
            SongsHealth(
                SongState.PLAYING, "Neon Tide", "종이 달 (Paper Moon, ballad)", 2,
                [str(song["name"]) for song in DOCUMENT["songs"]],
                90.0 + seconds % 120.0, 220.0, f"34:{1 + int(seconds * 88 / 60) % 4}", "chorus",
            ),
            _sound(frame),
            _dmx(frame),
            PicturesHealth(
                [
                    SharedPicture(view, PictureStatus(str(picture.path), width, height))
                    for (view, width, height), (picture, _) in self._asked.items()
                ]
            ),
        ]  # fmt: skip

    def _constants(self) -> list[Section]:
        return [
            ShowDocument(
                revision=1,
                performer=", ".join(name for name, _ in PERFORMERS),
                avatar=" and ".join(avatar for _, avatar in PERFORMERS),
                song="Neon Tide",
                usage="corporation",
                licence=[
                    "Encore Idol with Ren: allowed. The house allows music and talk.",
                    "Aoi with 이채원 (Chae-won): allowed until 8 December 2026, 24:00 in Seoul.",
                    "Godette the very long named idol with Mai: denied. It is for personal use "
                    "without profit. Choose another idol, or ask the author.",
                    "Commercial use by corporations is permitted, credit is unnecessary.",
                ],
                length_seconds=7305.0,
                target_rate=RATE,
            ),
            DocumentContent(1, DOCUMENT),
            DocumentHealth(1, "", undo="rename cue 43"),
            ShowLog(
                7,
                [
                    LogEvent(k + 1, 1796026000.0 + 60 * k, kind, text)
                    for k, (kind, text) in enumerate(_LOG)
                ],
            ),
        ]

    def _landmarks(self, frame: int) -> LandmarkPoints:
        moved = self._points + 0.02 * np.sin(frame / 10.0)
        return LandmarkPoints(
            [CameraPoints([_points(moved[k])], frame) for k in range(len(PERFORMERS))]
        )


_LOG: Final = (
    (EventKind.RIGHTS, "4 licences read, hashes kept"),
    (EventKind.COMMAND, "Sora: declared company, music, talk"),
    (EventKind.RIGHTS, "Godette refused for a company"),
    (EventKind.STATE, "The show is on air"),
    (EventKind.COMMAND, "Go: done"),
    (EventKind.ALARM_RAISED, "Stream B does not answer"),
    (EventKind.FAULT, "Hand-over of Aoi to Ren refused"),
)


def _alarms() -> tuple[Alarm, ...]:
    raised = 1796028106.0
    return (
        Alarm("output.stream-b", Severity.CRITICAL, "Stream B does not answer, try 14", raised),
        Alarm("performer.1", Severity.WARNING, "Ren: left hand lost 12 s, arm held", raised + 50),
        Alarm("rights.3", Severity.NOTICE, "Licence of Aoi ends in 9 days", raised - 1800),
    )


def _outputs(frame: int) -> OutputsHealth:
    outputs = []
    for place, name in enumerate(_NAMES):
        is_file = name.startswith("Archive")
        is_lost = place == 1
        rate = 31_200.0 if is_file else 5_980.0
        network, encode = (931, 0) if is_lost else (0, 2) if place == 2 else (0, 0)
        outputs.append(
            OutputStatus(
                name,
                "mkv" if is_file else "rtmp",
                f"{name.lower()}.mkv" if is_file else "rtmps://live.example/app/very-secret-key",
                OutputState.RETRYING if is_lost else OutputState.RUNNING,
                "refused: key in use elsewhere" if is_lost else "",
                packets=28411 + frame,
                dropped=network + encode,
                bytes=0 if is_lost else round(frame / RATE * rate * 125),
                latency_p50_ms=62.0,
                seconds=0.0 if is_lost else 4368.0 + frame / RATE,
                kbit_s=0.0 if is_lost else rate + 40 * math.sin(frame / 9.0 + place),
                target_kbit_s=rate,
                drops=Drops(0, encode, network),
                history=[StateChange(OutputState.RETRYING, 1796028106.0)] * (14 * is_lost),
                room_s=15_000.0 - frame / RATE if is_file else None,
            )
        )
    return OutputsHealth(outputs, recording=True, planned=["vertical:hls/late"])


_BUSES: Final = (
    ("mic-1", PERFORMERS[0][0], 2.0, -13.0), ("mic-2", PERFORMERS[1][0], 0.0, -15.0),
    ("mic-3", PERFORMERS[2][0], -3.0, -120.0), ("mic-4", PERFORMERS[3][0], 1.5, -17.0),
    ("song", "", -4.0, -10.0), ("click", "", 0.0, -120.0), ("talkback", "", 0.0, -120.0),
    ("program", "", 0.0, -8.0), ("return", "", 0.0, -14.0),
)  # fmt: skip
"""Name, performer, gain and mean level of each bus."""


def _sound(frame: int) -> SoundHealth:
    """Return meters that move as a song's do."""
    buses = []
    for place, (name, performer, gain, mean) in enumerate(_BUSES):
        swing = 3.0 * math.sin(frame / 5.0 + place) + 2.0 * math.sin(frame / 2.3 + 2 * place)
        peak = mean + swing if mean > -100 else mean
        buses.append(
            BusStatus(
                name, gain, name in ("mic-3", "click", "talkback"), peak, peak - 6.0 - swing / 2,
                mean - 3.0, mean - 4.0, performer,
            )
        )  # fmt: skip
    devices = [
        SoundDeviceStatus("mic-1", "USB Audio", DeviceState.RUNNING, delay_ms=40.0),
        SoundDeviceStatus("mic-2", "USB Audio 2", DeviceState.RUNNING, delay_ms=40.0),
        SoundDeviceStatus("mic-4", "USB Audio 4", DeviceState.LOST, "no block for 1.5 s"),
    ]
    return SoundHealth(buses, devices, -14.2, -1.3, -1.2, 0.8, -6.0, 6.0, 62.0)


def _dmx(frame: int) -> DmxHealth:
    """Return two universes of a lighting desk: a chase, and one that went silent."""
    levels = bytes(
        max(0, round(255 * math.sin(channel / 9.0 + frame / 12.0))) for channel in range(512)
    )
    return DmxHealth(
        [
            UniverseStatus(1, [DmxSource("Art-Net", "10.0.0.9", "desk")], levels),
            UniverseStatus(3, [DmxSource("sACN", "10.0.0.12", "venue house", 90, 8.0)], bytes(512)),
        ]
    )


def _performers() -> PerformersHealth:
    return PerformersHealth(
        [
            PerformerStatus(
                k,
                name,
                [LimbState.FROZEN if (k, row) == (0, 2) else LimbState.LIVE
                 for row in range(_LIMBS)],
                [0.0 if (k, row) == (0, 4) else 0.3 if (k, row) == (2, 6) else 0.9
                 for row in range(_LIMBS)],
                calibrated=k % 2 == 0,
                avatar=avatar,
                sources=["camera"] * _LIMBS,
            )
            for k, (name, avatar) in enumerate(PERFORMERS)
        ]
    )  # fmt: skip


def _points(all_points: npt.NDArray[np.float64]) -> PerformerPoints:
    """Return a performer's landmarks as the flat lists of a status."""
    ends = np.cumsum((_POSE, _FACE, _HAND))
    return PerformerPoints(*(part.reshape(-1).tolist() for part in np.split(all_points, ends)))


def main() -> int:
    """Run the show until interrupted; print the session's name as the first line."""
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    with ExitStack() as opened:
        session = opened.enter_context(announce("A stand-in show"))
        show = StandInShow(session)
        opened.callback(show.close)
        sys.stdout.write(f"{session.info.name}\n")
        sys.stdout.flush()
        began, frame = time.monotonic(), 0
        while not over.wait(max(began + frame / RATE - time.monotonic(), 0.0)):
            show.tick(frame)
            frame += 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
