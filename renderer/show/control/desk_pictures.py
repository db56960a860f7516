"""Draw and share the pictures that desks ask for: program, preview, cameras' shots, multiview.

Each is shared in the size in which a desk draws it, so that no desk scales a picture. A picture
that no desk has asked for since `LEASE_S` is given up, and the renderer draws its view no more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from renderer.errors import GraphicsError, ShowError
from renderer.graphics.records import ProgramFrame
from renderer.graphics.renderer import StageRenderer
from renderer.protocol.pictures import (
    LEASE_S,
    MULTIVIEW,
    PREVIEW,
    PROGRAM,
    SHOT,
    AskPicture,
    PicturesHealth,
    PictureStatus,
    SharedPicture,
)
from renderer.protocol.schema import Reply
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.monitor import Monitor
from renderer.show.control.multiview import Multiview
from renderer.show.control.publisher import Rate
from renderer.show.control.registry import Answer
from renderer.show.direction.scene import DirectedScene
from renderer.transport.latest import LatestPicture

MOST_PICTURES: Final = 40
"""Pictures shared at a time: three desks with a program, a preview and ten shots each."""
WIDEST: Final = 3840
"""Largest side of a picture that a desk may ask for, pixels."""
_SMALLEST: Final = 16
_SOFTWARE_EVERY: Final = 4
"""Frames between two pictures of desks' own views where the CPU draws them: the program matters
more."""

_Key = tuple[str, int, int]


@dataclass(slots=True)
class _Shared:
    """A picture that is shared until `until`, seconds of the monotonic clock."""

    monitor: Monitor
    picture: LatestPicture
    until: float


class DeskPictures:
    """The pictures of all desks. Belongs to the tick's thread.

    Args:
        renderer: draws the preview and the shots.
        scene: of a directed show, whose switcher has a preview; None for another show.
        folder: for the shared pictures.
        size: of the program, width and height in pixels.
        clock: returns monotonic seconds.
    """

    def __init__(
        self,
        renderer: StageRenderer,
        scene: DirectedScene | None,
        folder: Path,
        size: tuple[int, int],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._renderer, self._scene, self._folder = renderer, scene, folder
        self._size, self._clock = size, clock
        self._shared: dict[_Key, _Shared] = {}
        self._open: dict[str, tuple[int, int]] = {}
        self._drawn: dict[int, str] = {}
        self._multiviews: dict[_Key, Multiview] = {}
        self._turn = 0
        self._every = _SOFTWARE_EVERY if renderer.adapter.is_software else 1

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle the desks' requests, and publish where their pictures are."""
        desk.commands.register(AskPicture, self.ask)
        desk.sections.add(PicturesHealth, Rate.HEALTH, self.health)

    def ask(self, command: AskPicture, answer: Answer) -> None:
        """Share a picture, or go on with it.

        Raises:
            ShowError: the show has no such view, or the size cannot be drawn.
        """
        view, width, height = command.view, command.width, command.height
        self._check(view, width, height)
        # Half the chroma's resolution: both sides are even.
        key = view, width - width % 2, height - height % 2
        if (there := self._shared.get(key)) is not None:
            there.until = self._clock() + LEASE_S
        else:
            self._share(key)
        answer(Reply(True, ""))

    def health(self) -> PicturesHealth:
        """Return where the pictures are."""
        return PicturesHealth(
            [
                SharedPicture(view, PictureStatus(str(one.picture.path), width, height))
                for (view, width, height), one in self._shared.items()
            ]
        )

    def plan(self, number: int) -> None:
        """Give up what no desk asks for, and set the views of the frame of a number."""
        now = self._clock()
        for key in [key for key, one in self._shared.items() if now > one.until]:
            self._shared.pop(key).picture.close()
        if self._scene is None:
            return
        views = self._scene.desk_views
        views.clear()
        self._follow_multiviews(self._scene.director.camera_names)
        self._follow_sizes()
        if number % self._every:
            return
        if PREVIEW in self._open:
            views[PREVIEW] = self._aspect(PREVIEW)
        shots = sorted({view for view, _, _ in self._shared if view.startswith(SHOT)})
        if shots and SHOT in self._open:
            self._turn += 1
            shot = shots[self._turn % len(shots)]
            self._drawn[number] = shot
            views[SHOT] = self._aspect(SHOT)
            self._scene.director.desk_shot = int(shot.removeprefix(SHOT))

    def show_program(self, frame: ProgramFrame) -> None:
        """Share a program frame."""
        self._publish(PROGRAM, frame)

    def collect(self) -> None:
        """Share the frames of preview and shots that are finished."""
        for name in self._open:
            while (frame := self._renderer.collect(name)) is not None:
                view = self._drawn.pop(frame.number, "") if name == SHOT else name
                if view:
                    self._publish(view, frame)
        self._publish_multiviews()

    def close(self) -> None:
        """Close the shared pictures."""
        for one in self._shared.values():
            one.picture.close()
        self._shared.clear()

    def _check(self, view: str, width: int, height: int) -> None:
        if not (_SMALLEST <= width <= WIDEST and _SMALLEST <= height <= WIDEST):
            raise ShowError(
                f"A picture of {width} × {height}",
                "cannot be shared",
                f"ask for sides of {_SMALLEST} to {WIDEST} pixels",
            )
        cameras = () if self._scene is None else self._scene.director.cameras
        known = (
            PROGRAM,
            *((PREVIEW, MULTIVIEW, *(f"{SHOT}{n}" for n in cameras)) if cameras else ()),
        )
        if view not in known:
            raise ShowError(
                f"View {view[:20]}", "is not in the show", f"ask for one of {', '.join(known)}"
            )

    def _share(self, key: _Key) -> None:
        if len(self._shared) >= MOST_PICTURES:
            raise ShowError("Another picture", "would be one too many", "close a desk")
        view, width, height = key
        name = SHOT if view.startswith(SHOT) else view
        source = self._size if view == PROGRAM else self._open.get(name, (width, height))
        path = self._folder / f"{view}-{width}x{height}.picture"
        picture = LatestPicture.take_over(path, width, height)
        monitor = Monitor(*source, (width, height))
        self._shared[key] = _Shared(monitor, picture, self._clock() + LEASE_S)

    def _follow_sizes(self) -> None:
        """Open, resize and close the renderer's views as the desks ask."""
        wanted: dict[str, tuple[int, int]] = {}
        for view, width, height in self._shared:
            name = SHOT if view.startswith(SHOT) else view
            if name not in (PROGRAM, MULTIVIEW):
                # Of several sizes the largest is drawn, and shrunk for the others.
                wanted[name] = max(wanted.get(name, (0, 0)), (width, height))
        wanted = {name: self._limit(size) for name, size in wanted.items()}
        for name in self._open.keys() - wanted.keys():
            self._renderer.close_view(name)
            del self._open[name]
        for name, size in wanted.items():
            if self._open.get(name) == size:
                continue
            with suppress(GraphicsError):  # The desks keep their placeholder.
                self._renderer.open_view(name, *size)
                self._open[name] = size
                self._fit_monitors(name, size)

    def _limit(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the size in which a view is drawn: without a GPU no larger than the program."""
        share = min(1.0, self._size[0] / size[0], self._size[1] / size[1])
        if not self._renderer.adapter.is_software or share == 1.0:
            return size
        width, height = (max(round(side * share) // 2 * 2, _SMALLEST) for side in size)
        return width, height

    def _fit_monitors(self, name: str, source: tuple[int, int]) -> None:
        for (view, width, height), one in self._shared.items():
            if view.startswith(name):
                one.monitor = Monitor(*source, (width, height))

    def _aspect(self, name: str) -> float:
        width, height = self._open[name]
        return width / height

    def _publish(self, view: str, frame: ProgramFrame) -> None:
        for size, one in self._pictures_of(view):
            pixels = one.monitor.convert(frame.planes, frame.layout)
            one.picture.publish(pixels, frame.t_show_ns)
            for multiview in self._multiviews.values():
                if multiview.tile == size:
                    multiview.place(view, pixels)

    def _pictures_of(self, view: str) -> Iterator[tuple[tuple[int, int], _Shared]]:
        for (name, width, height), one in self._shared.items():
            if name == view:
                yield (width, height), one

    def _follow_multiviews(self, names: Mapping[int, str]) -> None:
        """Lay out the multiviews that are asked for, and share the pictures that they are made of.

        Args:
            names: of the cameras, by number.
        """
        asked = {key: one for key, one in self._shared.items() if key[0] == MULTIVIEW}
        for key in self._multiviews.keys() - asked.keys():
            del self._multiviews[key]
        for key, one in asked.items():
            multiview = self._multiviews.get(key)
            if multiview is None or multiview.names != names:
                width, height = self._size
                multiview = Multiview(key[1:], names, width / height)
                self._multiviews[key] = multiview
            for view in multiview.views:
                wanted = view, *multiview.tile
                if wanted not in self._shared:
                    with suppress(ShowError):  # There is no room: its place stays black.
                        self._share(wanted)
                if (there := self._shared.get(wanted)) is not None:
                    there.until = max(there.until, one.until)

    def _publish_multiviews(self) -> None:
        if self._scene is None:
            return
        director = self._scene.director
        for key, multiview in self._multiviews.items():
            if multiview.is_changed and (one := self._shared.get(key)) is not None:
                on_air, preview = director.camera_of(PROGRAM)[0], director.state.preview
                one.picture.publish(multiview.compose(on_air, preview), time.monotonic_ns())
