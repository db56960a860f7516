"""Draw LED screens: generated content with a line of text, the program, pictures and videos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

from renderer.errors import StageError
from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.drawables.screens.media import Media, ScreenLibrary
from renderer.graphics.drawables.screens.shape import measure_screen
from renderer.graphics.gpu.screen_feed import ScreenFeed as ProgramFeed
from renderer.graphics.gpu.shaders import UNITS, Programs
from renderer.graphics.records import DrawFault
from renderer.graphics.text.led_line import LINE_SIZE, TextLine
from renderer.graphics.text.shaping import shape_line
from renderer.stage.records import Camera, LedContent, ScreenFeed, Screens, ScreenSource, StageState
from renderer.stage.sets.stage_set import Screen
from renderer.stage.text.lyrics import SungLine

_LINE_M: Final = 20.1
"""Length of a banner's texture on the wall, metres: 32 times its height of 0.63 m."""
_BAND_HEIGHT: Final = 0.115
"""Height of a banner as a share of the wall's height."""
_LYRIC_SPAN: Final = 0.42
"""Width of the wall as a fraction of the text's texture, for lyrics; a centred line takes 0.40."""
_SCROLL: Final = 0.02
"""Scroll speed of a banner, wall widths per beat."""
_CROPS: Final = 4
"""Maximum number of screens with their own crop."""
_WHOLE: Final = _CROPS + 1
"""Kind of a wall that shows the program, cropped to fill the wall."""
OWN_CAMERAS: Final = 2
"""Maximum number of side screens with a camera of their own."""
_REPLACED: Final = 0.35
"""Blur from which grade.frag.glsl shows the blurred picture alone."""
_LEAST_RADIUS: Final = 0.008
"""Minimum radius of a blur that hides the reduced size, as a fraction of the picture's height."""
_WORDS, _PROGRAM, _MEDIA = 0, 1, 2
_OWN: Final = {"own_1": 3, "own_2": 4}
_CONTENT: Final = {LedContent.BARS: 0, LedContent.SUNBURST: 1, LedContent.VEIL: 2}
_FILE: Final = 3
_FLOOR: Final = 4
_FEED: Final = 5
"""Values of CONTENT in led.frag.glsl for files, for generated content in a floor, and for the
program."""
_SRGB8: Final = 0x8C41
"""GL_SRGB8: the GPU converts to linear light."""


@dataclass(slots=True)
class _Picture:
    """An opened file, its texture and the frame in it."""

    media: Media
    texture: moderngl.Texture
    uploaded: npt.NDArray[np.uint8] | None = None


class ScreensModel:
    """All screens of a set.

    Attributes:
        faults: of the screens in the last frame; these show generated content instead.

    Args:
        screens: at least one.
        feed: the program picture of the previous frame, and those of the screens' own cameras.
        library: the files that screens may show.
        are_reduced: whether screens out of focus are drawn at a reduced size.
    """

    name = "the LED screens"

    def __init__(
        self,
        context: moderngl.Context,
        programs: Programs,
        screens: Sequence[Screen],
        feed: ProgramFeed,
        library: ScreenLibrary,
        *,
        are_reduced: bool,
    ) -> None:
        phases = Phase.MIRROR, Phase.PROBE, Phase.SET
        self.phases = frozenset((*phases, *((Phase.SCREEN_LIGHT,) if are_reduced else ())))
        self._screens = screens
        self._shapes = [measure_screen(screen) for screen in screens]
        first = start = 0
        triangles: list[npt.NDArray[np.uint32]] = []
        self._ranges: list[tuple[int, int]] = []
        for screen in screens:
            triangles.append(screen.triangles + np.uint32(first))
            self._ranges.append((start, triangles[-1].size))
            first += len(screen.position)
            start += triangles[-1].size
        self._corners = context.buffer(reserve=first * 32)
        indices = context.buffer(np.concatenate(triangles).astype(np.uint32))
        fields = "in_position", "in_uv", "in_screen"
        self._programs = {
            number: programs.get(
                "led.vert.glsl",
                "led.frag.glsl",
                (f"CONTENT {number}",),
                textures={"words": _WORDS, "program": _PROGRAM, "media": _MEDIA, **_OWN},
            )
            for number in (*_CONTENT.values(), _FILE, _FLOOR, _FEED)
        }
        self._arrays = {
            number: context.vertex_array(
                program, [(self._corners, "3f 2f 3f", *fields)], index_buffer=indices
            )
            for number, program in self._programs.items()
        }
        self._reduced = context.vertex_array(
            programs.get("led.vert.glsl", "screen_light.frag.glsl", textures=UNITS),
            [(self._corners, "3f 20x", "in_position")], index_buffer=indices,
        )  # fmt: skip
        self._upright = np.concatenate(
            [screen.position for screen, shape in zip(screens, self._shapes, strict=True)
             if not shape.is_level] or [np.zeros((0, 3), np.float32)]
        )  # fmt: skip
        self._is_reduced = False
        self._pictures = {path: _open(context, library, path) for path in library.files}
        self._assigned: tuple[ScreenSource, ...] | None = None
        self._shown: list[_Picture | None] = [None] * len(screens)
        self._wanted: dict[int, ScreenSource] = {}
        self._kinds: list[int | None] = []
        self.faults: tuple[DrawFault, ...] = ()
        self._content = 0
        self._uniforms = {number: programs.values(one) for number, one in self._programs.items()}
        self._feed = feed
        self._side_spheres = np.array(
            [_sphere(screen) for screen in screens if not screen.is_generated][:OWN_CAMERAS],
            np.float32,
        ).reshape(-1, 4)
        self._line = TextLine()
        self._words = context.texture(LINE_SIZE, 1)
        self._words.repeat_y = False
        walls = [
            shape.width
            for screen, shape in zip(screens, self._shapes, strict=True)
            if screen.is_generated
        ]
        self._word_span = max(walls, default=_LINE_M) / _LINE_M
        self._assign(())

    def update(self, state: StageState) -> bool:
        """Load the screens' content; return True: they are in every frame."""
        screens = state.screens
        if screens.sources != self._assigned:
            self._assign(screens.sources)
        lyric = screens.lyric
        text = screens.text if lyric is None else lyric.text
        if self._line.set_text(text, is_centered=lyric is not None):
            self._words.write(self._line.pixels)
        self._content = _CONTENT[screens.content]
        self._update_files(screens)
        self._load(state)
        return True

    @property
    def side_spheres(self) -> npt.NDArray[np.float32]:
        """Return the bounding spheres (s, 4) of the side screens that may have a camera."""
        return self._side_spheres

    def _load(self, state: StageState) -> None:
        screens = state.screens
        crops = screens.crops[:_CROPS]
        values = {
            "beat": state.beat,
            "pattern": self._content,
            "cool": screens.cool,
            "warm": screens.warm,
            "own_count": min(len(screens.cameras), len(self._feed.own)),
            "crops": (*crops, *([crops[-1]] * (_CROPS - len(crops))), self._whole()),
            "words_at": self._place_words(state),
            "sung_to": 0.0 if screens.lyric is None else self._sung_to(screens.lyric),
        }
        for number in self._programs_in_use():
            uniforms = self._uniforms[number]
            level = screens.floor_level if number == _FLOOR else screens.level
            is_generated = number in (self._content, _FLOOR)
            uniforms.set("level", level * screens.content_level if is_generated else level)
            for name, value in values.items():
                uniforms.set(name, value)

    def _programs_in_use(self) -> set[int]:
        """Return the contents that any screen shows."""
        used = {self._content if kind is None else kind for kind in self._kinds}
        return used | {_FILE} if self._wanted else used

    def _place_words(self, state: StageState) -> tuple[float, float, float]:
        """Return the placement of the text on the wall.

        Returns:
            Left edge and width of the wall as fractions of the text's texture, and the text's
            height as a fraction of the wall's, 0 without text.
        """
        if state.screens.lyric is not None:
            # The maximum size for the wall's width, at a banner's proportions.
            height = _BAND_HEIGHT * self._word_span / _LYRIC_SPAN
            return 0.5 - 0.5 * _LYRIC_SPAN, _LYRIC_SPAN, height
        scrolled = state.beat * _SCROLL * self._word_span
        return scrolled % 1.0, self._word_span, _BAND_HEIGHT if state.screens.text else 0.0

    def _sung_to(self, lyric: SungLine) -> float:
        """Return the column up to which a line is sung, as a fraction of the texture's width."""
        line = shape_line(lyric.text)
        left, right = self._line.span
        return left + (right - left) * line.offset_at(lyric.place) / max(line.width, 1e-6)

    def _whole(self) -> tuple[float, float, float, float]:
        """Return the crop of the program that fills the first wall."""
        for screen, shape in zip(self._screens, self._shapes, strict=True):
            if screen.is_generated:
                return shape.cover(self._feed.texture.size)
        return 0.0, 0.0, 1.0, 1.0

    def _update_files(self, screens: Screens) -> None:
        """Upload new frames, and record the screens whose file cannot be shown."""
        if not self._wanted:
            self.faults = ()
            return
        faults = []
        for number, source in self._wanted.items():
            picture = None if source.file is None else self._pictures.get(source.file)
            error = None if picture is None else picture.media.fault
            if picture is None:
                error = StageError(
                    str(source.file), "was not opened before the show", "name it at the start"
                )
            self._shown[number] = picture if error is None else None
            if error is not None:
                faults.append(DrawFault(f"LED screen {source.screen!r}", error))
        for picture in {id(one): one for one in self._shown if one is not None}.values():
            pixels = picture.media.frame_at(screens.seconds)
            if pixels is not None and pixels is not picture.uploaded:
                picture.texture.write(pixels)
                picture.uploaded = pixels
        self.faults = tuple(faults)

    def _assign(self, sources: tuple[ScreenSource, ...]) -> None:
        """Choose each screen's source, and write it into its vertices."""
        self._assigned = sources
        by_name = {source.screen: source for source in sources}
        rows, programs_shown = [], 0
        self._kinds = []
        self._wanted = {}
        for number, (screen, shape) in enumerate(zip(self._screens, self._shapes, strict=True)):
            default = ScreenFeed.GENERATED if screen.is_generated else ScreenFeed.PROGRAM
            source = by_name.get(screen.name, ScreenSource(screen.name, default))
            if source.feed is ScreenFeed.FILE:
                self._wanted[number] = source
            # A side screen keeps its crop, whatever the others show.
            programs_shown += not screen.is_generated
            kind = 0
            if source.feed is ScreenFeed.PROGRAM:
                kind = _WHOLE if screen.is_generated else min(programs_shown, _CROPS)
            row = np.zeros((len(screen.uv), 8), np.float32)
            row[:, :3], row[:, 3:5] = screen.position, screen.uv
            row[:, 5:] = kind, *shape.grid
            rows.append(row)
            # None: the state's content.
            self._kinds.append(_FEED if kind else _FLOOR if shape.is_level else None)
        self._shown = [None] * len(self._screens)
        self._corners.write(np.concatenate(rows))

    def center(self) -> Point | None:
        """Return None: they surround the scene."""
        return None

    def bounds(self) -> Bounds | None:
        """Return None: they are not lit."""
        return None

    def draw(self, phase: Phase, drawing: Drawing) -> None:
        """Draw all screens, with one draw call for adjacent ones of a kind that show no file.

        A screen in the floor is excluded from the floor's reflection, and is never drawn at a
        reduced size.
        """
        is_warm_up = drawing.matrix is None
        if phase is Phase.SCREEN_LIGHT:
            self._is_reduced = not is_warm_up and _is_out_of_focus(drawing.camera, self._upright)
            if not (self._is_reduced or is_warm_up):
                return
        is_reduced = phase is Phase.SET and self._is_reduced
        is_blurred = drawing.camera is not None and drawing.camera.focus is not None
        for number in self._programs_in_use():
            self._uniforms[number].set("dots", 0.0 if is_blurred else 1.0)
        self._words.use(_WORDS)
        self._feed.texture.use(_PROGRAM)
        for unit, texture in zip(_OWN.values(), self._feed.own, strict=False):
            texture.use(unit)
        start, count, last = 0, 0, self._content
        for picture, shape, kind, (first, length) in zip(
            self._shown, self._shapes, self._kinds, self._ranges, strict=True
        ):
            if phase in (Phase.MIRROR, Phase.SCREEN_LIGHT) and shape.is_level:
                continue
            if is_reduced and not shape.is_level:
                self._reduced.render(moderngl.TRIANGLES, vertices=length, first=first)
                continue
            number = _FILE if picture is not None else self._content if kind is None else kind
            if number == last != _FILE and start + count == first:
                count += length
                continue
            self._render(last, start, count)
            if picture is not None:
                picture.texture.use(_MEDIA)
                self._uniforms[_FILE].set("cover", shape.fit(picture.media.size))
            start, count, last = first, length, number
        self._render(last, start, count)
        if is_warm_up and phase is Phase.SET:
            self._reduced.render(moderngl.TRIANGLES)

    def _render(self, number: int, first: int, count: int) -> None:
        if count:
            self._arrays[number].render(moderngl.TRIANGLES, vertices=count, first=first)


def _is_out_of_focus(camera: Camera | None, points: npt.NDArray[np.float32]) -> bool:
    """Return whether strong blur replaces the picture at all points (n, 3) before a camera."""
    if camera is None or camera.focus is None or camera.focus.radius < _LEAST_RADIUS:
        return False
    forward = np.subtract(camera.target, camera.position)
    far = (points - np.asarray(camera.position)) @ (forward / np.linalg.norm(forward))
    seen = far[far > camera.near]
    sharp_to = camera.focus.begin_m + _REPLACED * camera.focus.range_m
    return bool(len(seen)) and float(seen.min()) >= sharp_to


def _sphere(screen: Screen) -> tuple[float, float, float, float]:
    """Return a screen's bounding sphere: centre and radius, metres."""
    center = (screen.position.min(axis=0) + screen.position.max(axis=0)) / 2.0
    radius = float(np.linalg.norm(screen.position - center, axis=1).max())
    return float(center[0]), float(center[1]), float(center[2]), radius


def _open(context: moderngl.Context, library: ScreenLibrary, path: Path) -> _Picture:
    media = library.get(path)
    if media is None:
        raise ValueError(f"{path} is not in the library")
    texture = context.texture(media.size, 3, alignment=1, internal_format=_SRGB8)
    texture.repeat_x = texture.repeat_y = False
    return _Picture(media, texture)
