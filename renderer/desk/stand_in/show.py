"""Simulate a show without performers for a desk to follow.

It uses the real bus at the real show's rates and shares real pictures in the sizes that a desk
asks for: four performers with a camera each at 30 frames per second with moving landmarks, eight
outputs, cues, songs and alarms. The desk's benchmark and the pictures of its manual follow it.
"""

from __future__ import annotations

import math
import time
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from renderer.desk.stand_in.content import CAMERA_NAMES, DOCUMENT, PERFORMERS, SONG_LENGTHS_S
from renderer.desk.stand_in.figure import draw_stage, draw_studio, make_landmarks
from renderer.desk.stand_in.sections import (
    RATE,
    make_alarms,
    make_constants,
    make_dmx,
    make_latency,
    make_machines,
    make_outputs,
    make_performers,
    make_points,
    make_readiness,
    make_sound,
)
from renderer.desk.stand_in.song import LENGTH_S, write_song
from renderer.protocol.alarms import AcknowledgeAlarm
from renderer.protocol.cues import CueListStatus, CuesHealth, RunningCue
from renderer.protocol.inputs import (
    CameraPoints,
    CameraState,
    CameraStatus,
    CameraTrial,
    InputsHealth,
    LandmarkPoints,
    TrackerKind,
    TrackerState,
    TrackerStatus,
)
from renderer.protocol.pictures import (
    LEASE_S,
    SHOT,
    AskPicture,
    PicturesHealth,
    PictureStatus,
    SharedPicture,
)
from renderer.protocol.schema import Command, Reply, Section
from renderer.protocol.show import ShowHealth, ShowState
from renderer.protocol.songs import SongsHealth, SongState
from renderer.transport.bus import ShowEndpoint
from renderer.transport.latest import LatestPicture
from renderer.transport.session import Session

HEALTH_EVERY: Final = 3
"""Frames per health message: ten per second."""
DOCUMENT_EVERY: Final = 30
"""Frames per document message: one per second."""
CAMERA_SIZE: Final = (320, 180)


class StandInShow:
    """Engine's side of the bus, with its shared pictures."""

    def __init__(self, session: Session) -> None:
        self._endpoint = ShowEndpoint(session.folder)
        self._folder = session.folder
        self._cameras = [
            LatestPicture.create(self._folder / f"camera-{k}.picture", *CAMERA_SIZE)
            for k in range(len(PERFORMERS))
        ]
        self._trial = LatestPicture.create(self._folder / "camera-1-trial.picture", *CAMERA_SIZE)
        self._trial_points = make_landmarks(2)
        self._trial_studio = draw_studio(*CAMERA_SIZE, self._trial_points)
        self._asked: dict[tuple[str, int, int], tuple[LatestPicture, float]] = {}
        self._grounds: dict[tuple[int, int], npt.NDArray[np.uint8]] = {}
        self._points = [make_landmarks(place) for place in range(len(PERFORMERS))]
        self._studios = [draw_studio(*CAMERA_SIZE, one) for one in self._points]
        self._alarms = list(make_alarms())
        write_song(self._folder / "song.wav")
        self._constants = make_constants(str(self._folder / "song.wav"))
        self._began = time.monotonic()

    def tick(self, frame: int) -> None:
        """Publish what an engine publishes for one camera frame."""
        for command, reply in self._endpoint.commands():
            reply(self._do(command))
        for place, picture in enumerate(self._cameras):
            shift = round(_sway(frame, place) * CAMERA_SIZE[0])
            picture.publish(np.roll(self._studios[place], shift, axis=1), frame)
        self._trial.publish(self._trial_studio, frame)
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
            for section in self._constants:
                self._endpoint.publish(section)

    def close(self) -> None:
        """Disconnect from the bus."""
        for picture in (*self._cameras, self._trial, *(one for one, _ in self._asked.values())):
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
        """Return a stage past which the camera moves."""
        size = width, height
        if size not in self._grounds:
            self._grounds[size] = np.concatenate(2 * [draw_stage(width, height)], axis=1)
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
            make_outputs(frame),
            make_performers(),
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
                CameraTrial(
                    1, "rtsp://10.0.0.7/stage", CameraState.SEEING, frame_rate=25.0,
                    latency_ms=44.0, picture=PictureStatus(str(self._trial.path), *CAMERA_SIZE),
                ),
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
                SongState.PLAYING, "Neon Tide", "종이 달 (Paper Moon, ballad)", 3,
                [str(song["name"]) for song in DOCUMENT["songs"]],
                90.0 + seconds % 120.0, LENGTH_S, f"34:{1 + int(seconds * 88 / 60) % 4}", "chorus",
                lengths_s=list(SONG_LENGTHS_S),
            ),
            make_sound(frame),
            make_dmx(frame),
            make_latency(frame),
            make_readiness(),
            make_machines(),
            PicturesHealth(
                [
                    SharedPicture(view, PictureStatus(str(picture.path), width, height))
                    for (view, width, height), (picture, _) in self._asked.items()
                ]
            ),
        ]  # fmt: skip

    def _landmarks(self, frame: int) -> LandmarkPoints:
        return LandmarkPoints(
            [
                CameraPoints([make_points(points + np.array((_sway(frame, place), 0.0)))], frame)
                for place, points in enumerate(self._points)
            ],
            CameraPoints([make_points(self._trial_points)], frame),
        )


def _sway(frame: int, place: int) -> float:
    """Return how far a performer has moved to the side, as a fraction of the picture."""
    return 0.03 * math.sin(frame / 10.0 + place)
