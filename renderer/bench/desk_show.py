"""`python -m renderer.bench.desk_show`: simulate a show without performers for a desk to follow.

It uses the real bus at the real show's rates and shares real pictures: two cameras with one
performer each at 30 frames per second, moving landmarks, four outputs, and the program at 15.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from contextlib import ExitStack
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from renderer.protocol.inputs import (
    CameraPoints,
    CameraState,
    CameraStatus,
    InputsHealth,
    LandmarkPoints,
    PerformerPoints,
)
from renderer.protocol.outputs import OutputsHealth, OutputState, OutputStatus
from renderer.protocol.performers import LimbState, PerformersHealth, PerformerStatus
from renderer.protocol.pictures import PictureStatus
from renderer.protocol.schema import Reply
from renderer.protocol.show import ShowDocument, ShowHealth, ShowState
from renderer.transport.bus import ShowEndpoint
from renderer.transport.latest import LatestPicture
from renderer.transport.session import Session, announce

CAMERAS: Final = 2
CAMERA_RATE: Final = 30.0
PROGRAM_EVERY: Final = 2
"""Camera frames per program frame: the program's monitor runs at 15 frames per second."""
HEALTH_EVERY: Final = 3
"""Camera frames per health message: ten per second."""
DOCUMENT_EVERY: Final = 30
"""Camera frames per document message: one per second."""
CAMERA_SIZE: Final = (320, 180)
PROGRAM_SIZE: Final = (640, 360)

_POSE, _FACE, _HAND = 33, 478, 21
"""Number of landmarks of a body, a face and a hand."""
_LIMBS: Final = 9

OUTPUTS: Final = OutputsHealth(
    [
        OutputStatus("recording", "mp4", "evening.mp4", OutputState.RUNNING, bytes=1 << 28),
        OutputStatus(
            "stream 1", "rtmp", "rtmp://live.example.net/app/…", OutputState.RUNNING, packets=28411
        ),
        OutputStatus(
            "stream 2",
            "rtmp",
            "rtmp://b.example.net/app/…",
            OutputState.RETRYING,
            "refused",
            dropped=9,
        ),
        OutputStatus("watch page", "hls", "hls", OutputState.RUNNING, packets=28411),
    ],
    recording=True,
)

HEALTH: Final = ShowHealth(
    state=ShowState.ON_AIR,
    frame_rate=29.9,
    latency_ms=62.3,
    dropped=3,
    stage_ms={"motion": 2.1, "springs": 0.2, "draw": 14.2, "read": 1.1},
    warnings=["Output stream 2: refused."],
)

DOCUMENT: Final = ShowDocument(
    revision=1,
    performer="Ren, Mai",
    avatar="Aoi, Hana",
    song="anthem.ogg",
    usage="corporation",
    licence=["Credit is required."],
    target_rate=30.0,
)

PERFORMERS: Final = PerformersHealth(
    [
        PerformerStatus(
            k, name, [LimbState.LIVE] * _LIMBS, [0.9] * _LIMBS, sources=["camera"] * _LIMBS
        )
        for k, name in enumerate(("Ren", "Mai"))
    ]
)


class StandInShow:
    """Engine's side of the bus, with its shared pictures."""

    def __init__(self, session: Session) -> None:
        self._endpoint = ShowEndpoint(session.folder)
        folder = session.folder
        sizes = [CAMERA_SIZE] * CAMERAS + [PROGRAM_SIZE]
        names = [f"camera-{k}.picture" for k in range(CAMERAS)] + ["program.picture"]
        self._pictures = [
            LatestPicture.create(folder / name, *size)
            for name, size in zip(names, sizes, strict=True)
        ]
        self._shown = [
            PictureStatus(str(folder / name), *size)
            for name, size in zip(names, sizes, strict=True)
        ]
        noise = np.random.default_rng(1)
        # Twice the shown width: each frame shows another part, so that every pixel changes.
        self._grounds = [
            noise.integers(0, 255, (height, 2 * width, 3), dtype=np.uint8)
            for width, height in sizes
        ]
        self._points = noise.random((CAMERAS, _POSE + _FACE + 2 * _HAND, 2))
        self._document = msgspec.structs.replace(DOCUMENT, program=self._shown[CAMERAS])
        self._inputs = InputsHealth(
            [
                CameraStatus(
                    f"camera {k}",
                    CameraState.SEEING,
                    frame_rate=CAMERA_RATE,
                    latency_ms=31.4,
                    performers=[k],
                    picture=self._shown[k],
                    changeable=True,
                )
                for k in range(CAMERAS)
            ]
        )
        self._began = time.monotonic()

    def tick(self, frame: int) -> None:
        """Publish what an engine publishes for one camera frame."""
        for _, reply in self._endpoint.commands():
            reply(Reply(True, "Done."))
        for k in range(CAMERAS):
            self._show(k, frame)
        if frame % PROGRAM_EVERY == 0:
            self._show(CAMERAS, frame)
        self._endpoint.publish(self._landmarks(frame))
        if frame % HEALTH_EVERY == 0:
            shown_s = time.monotonic() - self._began
            for section in (
                msgspec.structs.replace(HEALTH, show_seconds=shown_s, frames=frame),
                OUTPUTS,
                PERFORMERS,
                self._inputs,
            ):
                self._endpoint.publish(section)
        if frame % DOCUMENT_EVERY == 0:
            self._endpoint.publish(self._document)

    def close(self) -> None:
        """Disconnect from the bus."""
        for picture in self._pictures:
            picture.close()
        self._endpoint.close()

    def _show(self, number: int, frame: int) -> None:
        picture, ground = self._pictures[number], self._grounds[number]
        at = frame * 4 % picture.width
        picture.publish(np.ascontiguousarray(ground[:, at : at + picture.width]), frame)

    def _landmarks(self, frame: int) -> LandmarkPoints:
        moved = self._points + 0.02 * np.sin(frame / 10.0)
        return LandmarkPoints([CameraPoints([_points(moved[k])], frame) for k in range(CAMERAS)])


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
        while not over.wait(max(began + frame / CAMERA_RATE - time.monotonic(), 0.0)):
            show.tick(frame)
            frame += 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
